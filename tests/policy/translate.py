"""Translates template.yaml as AWS does on deployment: `translate.py [template]` prints it as JSON.

Needs aws-sam-cli (for its YAML reader and the translator it brings). Calls nobody.
"""

import json
import logging
import os
import sys
from pathlib import Path

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

ROOT = Path(__file__).resolve().parents[2]


class NoManagedPolicies:
    """The template names none; the translator asks all the same."""

    @staticmethod
    def load():
        return {}


def translate(path=ROOT / "template.yaml", **parameters):
    """The template after the serverless transform, with these values for parameters."""
    # The translator asks boto3 for the partition of a Region, and nothing else.
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    # It warns of what only AWS has: its switches and its own metrics.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    template = yaml_parse(Path(path).read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` puts the address of the uploaded artifact here.
            resource["Properties"]["CodeUri"] = "s3://artifacts/bootstrap.zip"
    return transform(template, parameters, NoManagedPolicies)


if __name__ == "__main__":
    json.dump(translate(*sys.argv[1:2]), sys.stdout, indent=1)
