"""The hook that tests new versions, run here as Lambda would: its code stands in infra/rollback-alarms.yaml."""

import json
import os
import sys
from pathlib import Path
from unittest import mock

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]


def report(versions, deployments, functions, turns_back="yes"):
    """Runs the hook for the new `versions` with these clients, and gives the status that it reports and its pauses."""
    template = yaml_parse((ROOT / "infra/rollback-alarms.yaml").read_text(encoding="utf-8"))
    code = template["Resources"]["SelfTest"]["Properties"]["Code"]["ZipFile"]
    clients = mock.Mock(client=lambda service, **_: {"codedeploy": deployments, "lambda": functions}[service])
    environment = {"VERSIONS": json.dumps(versions), "TURNS_BACK": turns_back}
    with mock.patch.dict(sys.modules, boto3=clients), mock.patch.dict(os.environ, environment):
        module = {}
        exec(compile(code, "SelfTest", "exec"), module)
        with mock.patch.object(module["time"], "sleep") as pauses:
            module["handler"]({"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "e-1"}, None)
    put = deployments.put_lifecycle_event_hook_execution_status
    put.assert_called_once_with(deploymentId="d-1", lifecycleEventHookExecutionId="e-1", status=mock.ANY)
    return put.call_args.kwargs["status"], pauses.call_count
