"""What template.yaml must keep to, checked on what AWS makes of it. Each rule yields its breaches."""

import copy
import json
import re
import warnings

from samcli.commands.deploy.auth_utils import auth_per_resource
from samcli.lib.providers.provider import Stack
from samcli.yamlhelper import yaml_dump
from translate import ROOT

# Actions that have no smaller resource (service authorization reference), or name by design
# whatever the deployment brings.
ANY_RESOURCE = {
    ("xray:PutTraceSegments", "*"),
    ("xray:PutTelemetryRecords", "*"),
    ("cloudwatch:DescribeAlarms", "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"),
}
# The deployment groups of the stack, and every version of one function: no deployment brings those
# of before back.
OF_EVERY_DEPLOYMENT = {
    "codedeploy:GetDeployment": "deploymentgroup:${Application}/*",
    "codedeploy:PutLifecycleEventHookExecutionStatus": "deploymentgroup:${Application}/*",
    "lambda:InvokeFunction": "function:${Name}:*",
}
# What Lambda needs of a queue for a function that it feeds, without the function's own code.
OF_THE_MAPPING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
# What every function may do around its code.
OF_EVERY_FUNCTION = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}
# Only where the condition HasKey holds.
OF_A_KEY = {"kms:Decrypt", "kms:GenerateDataKey"}
# The hook that tests new versions; its code stands in the template.
SELF_TEST = "SelfTest"
# Every metric of Casement's own.
EVENTS = ROOT / "shared/service/src/event.rs"
# Functions that answer from outside: nothing else may take their concurrency.
WAYS_IN = {"whatsapp-webhook", "jira-webhook"}
# Functions that call neither Meta nor Jira, and are called by none of them.
WITHOUT_SECRETS = {"due-timer"}
# Values of DeletionPolicy.
KEEPS = {"Retain", "RetainExceptOnCreate"}
# Bytes of the packaged template: CloudFormation takes 51,200 without a bucket.
LARGEST_TEMPLATE = 49_000
# What stands in it in place of a folder or a file.
UPLOADED = "https://s3.eu-central-1.amazonaws.com/aws-sam-cli-managed-default-samclisourcebucket-0123456789ab/" + "0" * 32
# Of a version (Lambda API reference, "PublishVersion").
LONGEST_DESCRIPTION = 256
# Characters of a function's code in a template (CloudFormation, "AWS::Lambda::Function Code").
LONGEST_INLINE = 4096
# In seconds: two weeks are left to find out why.
DEAD_LETTERS_KEPT = 14 * 24 * 3600


def as_list(value):
    return value if isinstance(value, list) else [value]


def either(value):
    """The values that a property may take, under whatever condition."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [v for branch in value["Fn::If"][1:] for v in either(branch)]
    return [] if value == {"Ref": "AWS::NoValue"} else [value]


def logical_id(reference):
    """The resource that a Ref or GetAtt names."""
    if isinstance(reference, dict):
        if "Ref" in reference:
            return reference["Ref"]
        if "Fn::GetAtt" in reference:
            return as_list(reference["Fn::GetAtt"])[0].split(".")[0]
    return None
# What no story calls, and why a role has it all the same.
ABOUT_TO_BE_FORGOTTEN = "a link that is about to be forgotten is kept for longer"
SELDOM = {
    ("inbound-message", "dynamodb:UpdateItem"): ABOUT_TO_BE_FORGOTTEN,
    ("outbound-message", "dynamodb:UpdateItem"): ABOUT_TO_BE_FORGOTTEN,
    ("timer-sweep", "dynamodb:UpdateItem"): ABOUT_TO_BE_FORGOTTEN,
    ("message-status", "sqs:SendMessage"): "a reply that Meta refuses late is announced by a template",
    ("due-timer", "sqs:ChangeMessageVisibility"): "the table or the queue fails while a timer rings",
}

# Metrics of Casement's own without an alarm, and why nothing is lost when they count.
WITHOUT_ALARM = {
    **dict.fromkeys(["Received", "Rendered", "Sent", "Released", "NoticeSent", "TemplateSent"], "work"),
    **dict.fromkeys(["AskedToKeepOpen", "AgentsAlerted", "TimerQueued"], "work"),
    "ManyMessages": "all of them are taken in",
    "Ignored": "nothing had to be done",
    "NoticeSkipped": "it was not needed any more",
    "RuleKeptBack": "a note in the request tells the agents, or the customer has the words",
    "Held": "the reply goes out when the customer writes",
    "HoldExpired": "as the settings say, with a note in the request",
    "Retried": "it comes again, and Unsettled counts what goes on coming",
    "DeadLettered": "the dead letters have alarms",
    "NotShown": "nothing depends on it",
    "Account": "AccountStops and AccountLimits count what somebody has to act on",
    **dict.fromkeys(["Billed", "FreeOfCharge"], "work"),
    "UnknownField": "Ignored counts it, and customers' messages come in fields that are known",
}


class Template:
    """The translated template with its nested stacks (translate.whole)."""

    def __init__(self, translated):
        self.resources = translated["Resources"]
        self.parameters = translated["Parameters"]
        self.files = translated["Files"]
        self.conditions = translated["Conditions"]

    def of_type(self, kind):
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def functions(self):
        """Logical id, folder and properties of every function with a folder."""
        for name, properties in self.of_type("AWS::Lambda::Function").items():
            if name == SELF_TEST:
                continue
            words = re.findall("[A-Z][a-z]+", name.removesuffix("Function"))
            yield name, "-".join(words).lower(), properties

    def statements(self, role):
        """Every statement of a role, or of a policy attached to it, that allows something."""
        attached = (p for p in self.of_type("AWS::IAM::Policy").values() if {"Ref": role} in p["Roles"])
        for policy in (*self.resources[role]["Properties"].get("Policies", []), *attached):
            for statement in as_list(policy["PolicyDocument"]["Statement"]):
                yield from (s for s in either(statement) if s["Effect"] == "Allow")

    def actions(self, role):
        return {a for s in self.statements(role) for a in as_list(s["Action"])}


def roles(template):
    for name, role in template.of_type("AWS::IAM::Role").items():
        trust = json.dumps(role["AssumeRolePolicyDocument"])
        if "lambda.amazonaws.com" not in trust and "aws:SourceAccount" not in trust:
            yield f"{name} may be taken by a service for another account (aws:SourceAccount)"
        if role.get("ManagedPolicyArns"):
            yield f"{name} has managed policies, which allow more than is needed"
        for statement in template.statements(name):
            if OF_A_KEY & set(statement["Action"]) and "kms:ViaService" not in json.dumps(statement):
                yield f"{name} may use the key by itself, not only through a service (kms:ViaService)"
            for action in as_list(statement["Action"]):
                if "*" in action:
                    yield f"{name} allows {action}: name the actions"
                for resource in as_list(statement["Resource"]):
                    for arn in either(resource):
                        text = arn.get("Fn::Sub") if isinstance(arn, dict) else arn
                        text = text[0] if isinstance(text, list) else text
                        ends = OF_EVERY_DEPLOYMENT.get(action)
                        if ends and isinstance(text, str) and text.endswith(ends):
                            continue
                        if isinstance(text, str) and "*" in text and (action, text) not in ANY_RESOURCE:
                            yield f"{name} allows {action} on {text}: name the resource"


def functions(template):
    folders = {path.name for path in (ROOT / "functions").iterdir()}
    here = {folder for _, folder, _ in template.functions()}
    for folder in folders - here:
        yield f"functions/{folder} is not in the template"
    for folder in here - folders:
        yield f"the template has {folder}, but functions/{folder} does not exist"
    seen = {}
    for name, folder, properties in template.functions():
        role = logical_id(properties["Role"])
        if role in seen:
            yield f"{name} shares its role with {seen[role]}"
        seen[role] = name
        if properties.get("Architectures") != ["arm64"] or properties.get("Runtime") != "provided.al2023":
            yield f"{name} is not for arm64 on provided.al2023"
        group = logical_id(properties.get("LoggingConfig", {}).get("LogGroup"))
        if group not in template.of_type("AWS::Logs::LogGroup"):
            yield f"{name} has no log group of its own (LoggingConfig.LogGroup)"
        if not any(logical_id(s["Resource"]) == group for s in template.statements(role)):
            yield f"{name} may not write to its log group {group}"
        if folder in WAYS_IN and not either(properties.get("ReservedConcurrentExecutions", {"Ref": "AWS::NoValue"})):
            yield f"{name} reserves no concurrency"
        if f"{name}Aliaslive" not in template.resources:
            yield f"{name} has no alias `live`"
    for name, group in template.of_type("AWS::CodeDeploy::DeploymentGroup").items():
        watched = {branch["Alarms"][0]["Name"]["Ref"] for branch in either(group.get("AlarmConfiguration", {})) if branch}
        if watched != {name.removesuffix("FunctionDeploymentGroup") + "VersionErrors"}:
            yield f"{name} is not turned back by the errors of its own version, and by them alone"


def self_test(template):
    """Every new version is tested before it gets traffic, by a hook that may do nothing else."""
    hook = template.resources[SELF_TEST]["Properties"]
    functions = {folder: name for name, folder, _ in template.functions()}
    text, given = hook["Environment"]["Variables"]["VERSIONS"]["Fn::Sub"]
    told = {folder: given[parameter]["Ref"] for folder, parameter in re.findall(r'"([a-z-]+)": "\$\{(\w+)\}"', text)}
    versions = {logical_id(v["FunctionName"]): name for name, v in template.of_type("AWS::Lambda::Version").items()}
    if told != {folder: versions[name] for folder, name in functions.items()}:
        yield f"{SELF_TEST} is not told of the new version of each function (VERSIONS)"
    for name in functions.values():
        hooked = template.resources[f"{name}Aliaslive"].get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate", {})
        if hooked.get("BeforeAllowTrafficHook") != {"Ref": SELF_TEST}:
            yield f"{name}: a new version gets traffic without a self-test (DeploymentPreference.Hooks)"
    may = {"logs:CreateLogStream", "logs:PutLogEvents", *OF_EVERY_DEPLOYMENT}
    if template.actions(logical_id(hook["Role"])) != may:
        yield f"{SELF_TEST} may do other things than test (or not that)"
    invokes = [s["Resource"] for s in template.statements("DeploymentRole") if "lambda:InvokeFunction" in s["Action"]]
    if invokes != [{"Fn::GetAtt": [SELF_TEST, "Arn"]}]:
        yield f"CodeDeploy may not invoke {SELF_TEST}, or others, too"
    if len(hook["Code"]["ZipFile"]) > LONGEST_INLINE:
        yield f"{SELF_TEST}: its code is too long to stand in a template"


def parameters_reach_live(template):
    """A new value of a parameter must make a new version, by a description that Lambda takes."""
    versions = template.of_type("AWS::Lambda::Version").values()
    described = {logical_id(v["FunctionName"]): json.dumps(v.get("Description", "")) for v in versions}
    for name, _, properties in template.functions():
        environment = json.dumps(properties.get("Environment", {}))
        for parameter in re.findall(r'"Ref": "(\w+)"', environment):
            if parameter in template.parameters and parameter not in described[name]:
                yield f"{name}: a new value of {parameter} would not reach `live`; name it in VersionDescription"
    for name, version in template.of_type("AWS::Lambda::Version").items():
        text, parts = version["Description"].get("Fn::Sub", ("", {}))
        length = len(re.sub(r"\$\{\w+\}", "", text))
        for part in re.findall(r"\$\{(\w+)\}", text):
            part = json.dumps(parts[part])
            [parameter] = {name for name in re.findall(r"\w+", part) if name in template.parameters}
            longest = longest_value(template.parameters[parameter], part)
            if longest is None:
                yield f"{name}: {parameter} may be of any length, its description may not (MaxLength)"
            length += longest or 0
        if length > LONGEST_DESCRIPTION:
            yield f"{name}: its description may have {length} characters, and {LONGEST_DESCRIPTION} are allowed"


def longest_value(parameter, part):
    """The most characters of a parameter's value that are in the description."""
    if '["//"' in part:
        return parameter["MaxLength"] - len("https://") if "MaxLength" in parameter else None
    if '[":"' in part:
        # In place of an ARN stands what follows `secret:`.
        name = re.search(r":secret:\.\{1,(\d+)\}(-\[0-9A-Za-z\]\{6\})\$$", parameter["AllowedPattern"])
        return int(name[1]) + len("-AbCdEf") if name else None
    if "AllowedValues" in parameter:
        return max(len(value) for value in parameter["AllowedValues"])
    return parameter.get("MaxLength")


def queues(template):
    queues = template.of_type("AWS::SQS::Queue")
    targets = set()
    for name, queue in queues.items():
        if not all(either(queue.get(key, {"Ref": "AWS::NoValue"})) for key in ("SqsManagedSseEnabled", "KmsMasterKeyId")):
            yield f"{name} is not encrypted with and without a key (SqsManagedSseEnabled, KmsMasterKeyId)"
        if "RedrivePolicy" in queue:
            target = logical_id(queue["RedrivePolicy"]["deadLetterTargetArn"])
            targets.add(target)
            if target not in queues:
                yield f"{name} gives up into {target}, which is no queue of the template"
            elif queues[target].get("FifoQueue", False) != queue.get("FifoQueue", False):
                yield f"{name} and its dead letters {target} are not of the same kind"
    for name, queue in queues.items():
        if name not in targets and "RedrivePolicy" not in queue:
            yield f"{name} has no dead-letter queue"
        if name in targets and queue.get("MessageRetentionPeriod") != DEAD_LETTERS_KEPT:
            yield f"{name} does not keep its messages for 14 days"
    guarded = set()
    for policy in template.of_type("AWS::SQS::QueuePolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            plain = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            if statement["Effect"] == "Deny" and plain == "false":
                guarded |= {logical_id(queue) for queue in policy["Queues"]}
            elif statement["Effect"] == "Allow" and statement["Principal"] in ("*", {"AWS": "*"}):
                yield "a queue policy allows everybody something"
    for name in queues.keys() - guarded:
        yield f"{name} may be used without TLS"


def mappings(template):
    queues = template.of_type("AWS::SQS::Queue")
    functions = {name: properties for name, _, properties in template.functions()}
    for name, mapping in template.of_type("AWS::Lambda::EventSourceMapping").items():
        queue = queues[logical_id(mapping["EventSourceArn"])]
        function = functions[logical_id(mapping["FunctionName"]).removesuffix("Aliaslive")]
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} deletes messages that failed (FunctionResponseTypes)"
        if "MaximumConcurrency" not in mapping.get("ScalingConfig", {}):
            yield f"{name} has no MaximumConcurrency"
        if queue.get("VisibilityTimeout", 30) < 6 * function["Timeout"]:
            yield f"{name}: the queue's VisibilityTimeout is below six times the function's Timeout"
        told = function["Environment"]["Variables"].get("MAX_RECEIVE_COUNT")
        if told != str(queue["RedrivePolicy"]["maxReceiveCount"]):
            yield f"{name}: MAX_RECEIVE_COUNT is {told}, the queue's maxReceiveCount is not"


def logs(template):
    for name, group in template.of_type("AWS::Logs::LogGroup").items():
        if "RetentionInDays" not in group:
            yield f"{name} keeps log lines for ever (RetentionInDays)"
    for name, stage in template.of_type("AWS::ApiGatewayV2::Stage").items():
        group = logical_id(stage.get("AccessLogSettings", {}).get("DestinationArn"))
        if group is None:
            yield f"{name} writes no access log"
        elif '"/aws/vendedlogs/' not in json.dumps(template.resources[group]["Properties"]["LogGroupName"]):
            yield f"{name}: its access log takes room in the resource policy of CloudWatch Logs (/aws/vendedlogs/)"
        if "ThrottlingRateLimit" not in stage.get("DefaultRouteSettings", {}):
            yield f"{name} is not throttled"


def is_kept(resource):
    """It outlives the stack; a creation that failed may take it back."""
    return resource.get("DeletionPolicy") in KEEPS and resource.get("UpdateReplacePolicy") == "Retain"


def secret_of(folder):
    """The secret that a function may read besides the fingerprint key."""
    return "WebhookSecret" if folder in WAYS_IN else "CredentialsSecret"


def secrets(template):
    """They outlive the stack, and each function reads its own."""
    for name in template.of_type("AWS::SecretsManager::Secret"):
        resource = template.resources[name]
        if not is_kept(resource):
            yield f"{name} goes with the stack (DeletionPolicy, UpdateReplacePolicy)"
        if "KmsKeyId" not in resource["Properties"]:
            yield f"{name} is never encrypted with a key of the owner's (KmsKeyId)"
    for name, folder, properties in template.functions():
        allowed = {
            secret
            for statement in template.statements(logical_id(properties["Role"]))
            if "secretsmanager:GetSecretValue" in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
            for secret in map(logical_id, either(resource))
        }
        expected = {"FingerprintKey", *([] if folder in WITHOUT_SECRETS else [secret_of(folder)])}
        for secret in sorted(allowed - {s + arn for s in expected for arn in ("", "Arn")}):
            yield f"{folder} may read {secret}: who faces the internet reads no token, and a worker no webhook secret"
        for secret in sorted(expected - allowed):
            yield f"{folder} may not read {secret}, which it needs"
        variables = properties["Environment"]["Variables"].items()
        told = {s for key, value in variables if key.endswith("_SECRET_ID") for s in map(logical_id, either(value))}
        for secret in sorted(told - allowed):
            yield f"{folder} is told of {secret}, which its role may not read"


def table(template):
    for name, table in template.of_type("AWS::DynamoDB::Table").items():
        if not is_kept(template.resources[name]):
            yield f"{name} goes with the stack (DeletionPolicy, UpdateReplacePolicy)"
        if not table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield f"{name} has no point-in-time recovery"
        if True not in either(table.get("DeletionProtectionEnabled", False)):
            yield f"{name} has no deletion protection"


def ways_in(template):
    """Only the functions' own URLs are open to everybody, on their condition; nobody is asked about routes."""
    for name, permission in template.of_type("AWS::Lambda::Permission").items():
        condition = template.resources[name].get("Condition")
        if permission["Principal"] == "*" and condition != "UsesFunctionUrls":
            yield f"{name} lets everybody call a function"
    with warnings.catch_warnings(action="ignore"):
        asked = auth_per_resource([Stack("", "", "template.yaml", {}, template.files["template.yaml"])])
    for name, settled in asked:
        if not settled:
            yield f"{name}: `sam deploy` asks whether it may be without authorization (Auth)"


def alarms(template):
    """Whatever may mean that a message is lost or late calls somebody."""
    watched = {
        (a["MetricName"], d["Name"], json.dumps(d["Value"]))
        for a in template.of_type("AWS::CloudWatch::Alarm").values()
        for d in a.get("Dimensions", [])
        if "AlarmActions" in a
    }
    for name in template.of_type("AWS::SQS::Queue"):
        gives_up = "RedrivePolicy" in template.resources[name]["Properties"]
        metric = "ApproximateAgeOfOldestMessage" if gives_up else "ApproximateNumberOfMessagesVisible"
        if (metric, "QueueName", json.dumps({"Fn::GetAtt": [name, "QueueName"]})) not in watched:
            yield f"{name} has no alarm ({metric})"
    for name, folder, _ in template.functions():
        for metric in ["Errors", *(["Throttles"] if folder in WAYS_IN else [])]:
            if (metric, "FunctionName", json.dumps({"Ref": name})) not in watched:
                yield f"{name} has no alarm ({metric})"
    own = {a["MetricName"] for a in template.of_type("AWS::CloudWatch::Alarm").values() if a.get("Namespace") == "Casement"}
    counted = {"AgeAtDelivery", *re.findall(r'one\("(\w+)"\)', EVENTS.read_text(encoding="utf-8"))}
    for metric in sorted(counted - own - WITHOUT_ALARM.keys()):
        yield f"the metric {metric} has no alarm; say in WITHOUT_ALARM why nothing is lost"
    for metric in sorted(WITHOUT_ALARM.keys() & own | WITHOUT_ALARM.keys() - counted):
        yield f"the metric {metric} is no longer without an alarm, or is not counted"


def metrics_of_one_stack(template):
    """Casement's own metrics are counted, watched and shown for this stack alone."""
    stack = {"Ref": "AWS::StackName"}
    for name, _, properties in template.functions():
        if properties["Environment"]["Variables"].get("STACK_NAME") != stack:
            yield f"{name} does not count for its own stack (STACK_NAME)"
    for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        if alarm.get("Namespace") == "Casement" and alarm["Dimensions"][0] != {"Name": "Stack", "Value": stack}:
            yield f"{name} watches other stacks, too (the dimension Stack)"
    for name, dashboard in template.of_type("AWS::CloudWatch::Dashboard").items():
        text, given = dashboard["DashboardBody"]["Fn::Sub"]
        shown = set(re.findall(r'"Casement", "\w+", ("\w+", "[^"]+")', text))
        if shown != {'"Stack", "${Name}"'} or given["Name"] != stack:
            yield f"{name} shows other stacks, too (the dimension Stack)"


def descriptions(template):
    for file, written in template.files.items():
        for section in ("Parameters", "Outputs"):
            for name, entry in written.get(section, {}).items():
                if not entry.get("Description"):
                    yield f"{file}: {section}: {name} has no description"


def size(template):
    """The packaged template is below what CloudFormation takes without a bucket."""
    packaged = copy.deepcopy(template.files["template.yaml"])
    for name, resource in packaged["Resources"].items():
        resource.setdefault("Metadata", {})["SamResourceId"] = name
        for key in {"CodeUri", "TemplateURL"} & resource.get("Properties", {}).keys():
            resource["Properties"][key] = UPLOADED
    length = len(yaml_dump(packaged).encode())
    if length > LARGEST_TEMPLATE:
        yield f"packaged, it has {length:,} bytes, and {LARGEST_TEMPLATE:,} are enough: move resources into nested templates"


def holds(template, condition, parameters):
    """Whether a condition holds with these parameters, and otherwise with their defaults."""
    if isinstance(condition, str):
        condition = template.conditions[condition]
    [(function, argument)] = condition.items()
    if function == "Fn::Equals":
        given = {**{name: p.get("Default") for name, p in template.parameters.items()}, **parameters}
        left, right = (given[value["Ref"]] if isinstance(value, dict) else value for value in argument)
        return left == right
    if function == "Condition":
        return holds(template, argument, parameters)
    parts = [holds(template, part, parameters) for part in argument]
    return {"Fn::Not": lambda: not parts[0], "Fn::And": lambda: all(parts), "Fn::Or": lambda: any(parts)}[function]()


def addresses(template):
    """One address answers, or all of them with Ingress=Both."""
    [api] = template.of_type("AWS::ApiGatewayV2::Api").values()
    [server] = api["Body"]["servers"]
    condition, *_ = server["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"]["Fn::If"]
    for ingress, domain, closed, urls in [
        ("HttpApi", "", False, False),
        ("HttpApi", "hooks.example.com", True, False),
        ("FunctionUrl", "", True, True),
        ("Both", "", False, True),
        ("Both", "hooks.example.com", False, True),
    ]:
        given = {"Ingress": ingress, "DomainName": domain}
        if holds(template, condition, given) != closed:
            yield f"Ingress={ingress} DomainName={domain}: the HTTP API's own address is {'open' if closed else 'closed'}"
        if holds(template, template.resources["FunctionUrls"]["Condition"], given) != urls:
            yield f"Ingress={ingress}: there are {'no ' if urls else ''}function URLs"


def actions_called(template, lines):
    """Roles against calls, both ways."""
    called = {}
    for line in lines:
        function, action = line.split()
        called.setdefault(function, set()).add(action)
    fed = {
        logical_id(m["FunctionName"]).removesuffix("Aliaslive")
        for m in template.of_type("AWS::Lambda::EventSourceMapping").values()
    }
    for name, folder, properties in template.functions():
        needed = called.get(folder, set())
        allowed = template.actions(logical_id(properties["Role"])) - OF_EVERY_FUNCTION - OF_A_KEY
        if name in fed:
            allowed -= OF_THE_MAPPING
        for action in sorted(needed - allowed):
            yield f"{folder} calls {action}, which its role does not allow"
        seldom = {action for function, action in SELDOM if function == folder}
        for action in sorted(seldom - allowed):
            yield f"{folder} is said to do {action} seldom, and its role does not allow it"
        for action in sorted(allowed - needed - seldom):
            yield f"{folder} may do {action} and never does; take it away, or tell a story that needs it"


RULES = [roles, functions, self_test, parameters_reach_live, queues, mappings, logs, secrets, table, ways_in, addresses, alarms, metrics_of_one_stack, descriptions, size]
