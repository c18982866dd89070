"""Translates template.yaml as AWS does on deployment: `translate.py [template]` prints it as JSON.

`whole` also puts the resources of the nested stacks in their place. Needs aws-sam-cli (for its YAML
reader and the translator it brings). Calls nobody.
"""

import json
import logging
import os
import re
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
    template = read(path)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` puts the address of the uploaded artifact here.
            resource["Properties"]["CodeUri"] = "s3://artifacts/bootstrap.zip"
    return transform(template, parameters, NoManagedPolicies)


def read(path):
    return yaml_parse(Path(path).read_text(encoding="utf-8"))


def whole(**parameters):
    """The translated template with the resources of its nested stacks among its own.

    `Files` has every template as it was written.
    """
    template = translate(**parameters)
    template["Files"] = {"template.yaml": read(ROOT / "template.yaml")}
    resources, outputs = template["Resources"], {}
    stacks = [(name, "") for name in stacks_of(resources)]
    for name, folder in stacks:
        stack = resources[name]
        file = folder + stack["Properties"]["TemplateURL"]
        nested = template["Files"][file] = read(ROOT / file)
        declared = {key: value.get("Default") for key, value in nested["Parameters"].items()}
        given = {**declared, **stack["Properties"].get("Parameters", {})}
        values = {("Ref", key): value for key, value in given.items()}
        for key, condition in nested.get("Conditions", {}).items():
            condition = replaced(condition, values)
            if any(function in json.dumps(condition) for function in ("Fn::If", "Fn::GetAtt")):
                # Not by parameters alone: only AWS evaluates it, in a stack of its own.
                continue
            if template["Conditions"].setdefault(key, condition) != condition:
                raise ValueError(f"{file}: {key} is another condition in another template")
        for key, resource in nested["Resources"].items():
            if key in resources:
                raise ValueError(f"{file}: {key} is in another template, too")
            if "Condition" in stack:
                resource = {"Condition": stack["Condition"], **resource}
            resources[key] = replaced(resource, values)
        for key, output in nested.get("Outputs", {}).items():
            outputs["Fn::GetAtt", name, f"Outputs.{key}"] = replaced(output["Value"], values)
        stacks += [(key, file.rpartition("/")[0] + "/") for key in stacks_of(nested["Resources"])]
    template["Resources"] = replaced(resources, outputs)
    return template


def stacks_of(resources):
    return [name for name, resource in resources.items() if resource["Type"] == "AWS::CloudFormation::Stack"]


def replaced(value, values):
    """The value with others for some of its references."""
    if isinstance(value, list):
        return [replaced(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Fn::Sub":
            text, parts = argument if isinstance(argument, list) else (argument, {})
            named = {part: values["Ref", part] for part in re.findall(r"\$\{(\w+)\}", text) if ("Ref", part) in values}
            parts = {**named, **replaced(parts, values)}
            return {function: [text, parts] if parts else text}
        key = (function, *argument) if isinstance(argument, list) else (function, argument)
        try:
            if key in values:
                return values[key]
        except TypeError:
            # Of lists and mappings, which name nothing.
            pass
    return {key: replaced(item, values) for key, item in value.items()}


if __name__ == "__main__":
    json.dump(translate(*sys.argv[1:2]), sys.stdout, indent=1)
