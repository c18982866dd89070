"""ministack, an emulator of AWS with CloudFormation, and a stack on it."""

import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "policy"))

import boto3
from conversation import Conversation, signature
from lambda_host import REGION
from samcli.yamlhelper import yaml_dump, yaml_parse
from translate import replaced

STACK = "casement-dev"
# Longer than anything takes there.
PATIENCE = 120


def adapted(text, file):
    """A template without what ministack 1.5.33 cannot do. Each line is a fault or a gap of it."""
    template = yaml_parse(text)
    resources = template["Resources"]
    if file == "infra/alarms.yaml":
        # Alarms on several metrics.
        del resources["TableThrottled"]
    if file == "infra/common.yaml":
        # The ARN of a log group, once its stack is updated.
        arn = "arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{}}}:*"
        groups = [name for name, resource in resources.items() if resource["Type"] == "AWS::Logs::LogGroup"]
        return replaced(template, {("Fn::GetAtt", name, "Arn"): {"Fn::Sub": arn.format(name)} for name in groups})
    if file != "template.yaml":
        return template
    # TLS, without which the queues refuse everybody.
    del resources["QueuesOverTlsOnly"]
    # Throughput that a parameter gives stays a text, which DynamoDB's clients cannot read.
    table = resources["Table"]["Properties"]
    for throttled in [table, *table["GlobalSecondaryIndexes"]]:
        throttled["OnDemandThroughput"] = {"MaxReadRequestUnits": 2000, "MaxWriteRequestUnits": 2000}
    # CodeDeploy.
    del template["Globals"]["Function"]["DeploymentPreference"], resources["Rollback"]
    for name, resource in list(resources.items()):
        properties = resource.get("Properties", {})
        properties.pop("DeploymentPreference", None)
        for event in properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                # A number that a parameter gives stays a text.
                event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": 5}
            elif event["Type"] == "HttpApi":
                # Routes in the API's Body.
                path, method = event["Properties"]["Path"], event["Properties"]["Method"]
                key = path.strip("/").capitalize()
                alias = {"Ref": f"{name}Aliaslive"}
                api = {"ApiId": {"Ref": "HttpApi"}}
                integration = {**api, "IntegrationType": "AWS_PROXY", "IntegrationUri": alias, "PayloadFormatVersion": "2.0"}
                resources[f"{key}Integration"] = {"Type": "AWS::ApiGatewayV2::Integration", "Properties": integration}
                target = {"Fn::Sub": f"integrations/${{{key}Integration}}"}
                route = {**api, "RouteKey": f"{method} {path}", "Target": target}
                resources[f"{key}{method}"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": route}
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                # It asks for an action that AWS does not have.
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"] += ["sqs:SendMessageBatch"]
                if "sqs:ChangeMessageVisibility" in statement["Action"]:
                    statement["Action"] += ["sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessageBatch"]
    # The simulators speak plain HTTP, and it makes longer names of secrets than AWS does.
    for parameter in ("JiraBaseUrl", "WhatsappBaseUrl", "CredentialsSecretArn"):
        del template["Parameters"][parameter]["AllowedPattern"]
    # A reference to a secret is its name there, and at AWS its ARN.
    secrets = {("Ref", name): {"Fn::GetAtt": [name, "Id"]} for name in ("WebhookSecret", "CredentialsSecret", "FingerprintKey")}
    return replaced(template, secrets)


def adapt(root, binaries):
    """Puts templates for ministack and functions for this machine into an unpacked archive."""
    for path in root.rglob("*.yaml"):
        adaption = adapted(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
        path.write_text(yaml_dump(adaption), encoding="utf-8")
    for bootstrap in [] if platform.machine() == "aarch64" else root.glob("functions/*/bootstrap"):
        # The file keeps its permissions.
        shutil.copyfile(binaries / bootstrap.parent.name, bootstrap)
        subprocess.run(["strip", bootstrap], check=True)


@contextlib.contextmanager
def engine(command, log):
    """ministack on a free port, with its environment for everybody who calls it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    os.environ.update(
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION=REGION,
        AWS_REGION=REGION,
        SAM_CLI_TELEMETRY="0",
    )
    of_its_own = dict(
        GATEWAY_PORT=str(port),
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION=REGION,
        MINISTACK_ACCOUNT_ID="111122223333",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        AUTH="true",
    )
    process = subprocess.Popen([command], env={**os.environ, **of_its_own}, stdout=log, stderr=subprocess.STDOUT)
    try:
        until("ministack answers", lambda: reaches(port))
        yield
    finally:
        process.terminate()
        process.wait()


def reaches(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def until(what, holds):
    """Asks again and again: the engine tells nobody when something has happened."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        if time.monotonic() > end:
            sys.exit(f"in {PATIENCE} s it did not happen that {what}")
        time.sleep(0.2)
    return found


class Deployed:
    """The stack, by its real names."""

    works = False

    def __init__(self, folder, parameters):
        self.folder, self.parameters = folder, parameters
        self.endpoint = os.environ["AWS_ENDPOINT_URL"]

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint)

    def deploy(self, **changes):
        self.parameters |= changes
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        command = ["sam", "deploy", "--template-file", "template.yaml", "--stack-name", STACK, "--resolve-s3"]
        command += ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-confirm-changeset"]
        done = subprocess.run(
            [*command, "--parameter-overrides", *overrides], cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"sam deploy: {done.stdout}\n{done.stderr}")
        self.read()

    def read(self):
        """Learns the names that the stack has given."""
        formation = self.client("cloudformation")
        outputs = formation.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in outputs}
        pages = formation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        found = [resource for page in pages for resource in page["StackResourceSummaries"]]
        self.physical = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found}
        self.physical["Table"] = self.outputs["TableName"]

    def print_logs(self):
        """What the functions have written, unless all went well."""
        client = self.client("logs")
        for group in [] if self.works else client.describe_log_groups()["logGroups"]:
            for event in client.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                print(group["logGroupName"], event["message"].rstrip(), file=sys.stderr)

    def attributes(self, queue):
        asked = self.client("sqs").get_queue_attributes(QueueUrl=self.physical[queue], AttributeNames=["All"])
        return asked["Attributes"]


class OnLambda(Conversation):
    """The conversation, with functions that the engine calls."""

    address = None

    def run(self, binary, event):
        function = "".join(part.capitalize() for part in binary.split("-")) + "Function"
        name = f"{self.deployed.physical[function]}:live"
        answer = self.deployed.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
        payload = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            sys.exit(f"{binary}: {payload}")
        return json.loads(payload or "null"), ""

    def post(self, binary, path, header, secret, body, expected=200):
        output = {"/whatsapp": "WhatsappWebhookUrl", "/jira": "JiraWebhookUrl"}[path]
        found = self.request(self.deployed.outputs[output], {header: signature(secret, body)}, body)
        self.expect(f"the answer at {path}", found, expected)

    def request(self, url, headers, body):
        """Every address of the deployment is at the engine's port."""
        host, _, path = url.removeprefix("https://").removeprefix("http://").partition("/")
        request = urllib.request.Request(f"{self.deployed.endpoint}/{path}", body.encode(), method="POST")
        for name, value in {**headers, "Host": host, "Content-Type": "application/json"}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def fingerprint_key(self):
        """The stack has made it."""
        found = self.deployed.client("secretsmanager").get_secret_value(SecretId=self.deployed.outputs["FingerprintKeyArn"])
        return found["SecretString"]

    def take(self, queue, binary):
        """Waits until the mapping has handed everything over and the function has dealt with it."""
        counts = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        until(f"{binary} has emptied {queue}", lambda: all(self.deployed.attributes(queue)[c] == "0" for c in counts))
        dead = self.deployed.attributes(queue.replace("Queue", "DeadLetters"))
        self.expect(f"dead letters of {queue}", dead["ApproximateNumberOfMessages"], "0")
