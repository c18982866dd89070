"""Each rule sees the breach that it is there for: `python3 -m unittest discover tests/policy`."""

import copy
import re
import unittest
from pathlib import Path

import rules
from translate import whole

TRANSLATED = whole()


def breaches(rule, change, part="Resources"):
    """What a rule says of the template after a change to its resources, or another part of it."""
    changed = copy.deepcopy(TRANSLATED)
    change(changed[part])
    return list(rule(rules.Template(changed)))


def statement(resources, role):
    return resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]


class Rules(unittest.TestCase):
    def sees(self, rule, words, change, part="Resources"):
        self.assertEqual(breaches(rule, lambda _: None), [])
        found = breaches(rule, change, part)
        self.assertTrue(any(words in breach for breach in found), f"{words!r} in {found}")

    def test_roles(self):
        def any_action(resources):
            statement(resources, "TimerSweepRole")["Action"] = ["sqs:*"]

        def any_resource(resources):
            statement(resources, "TimerSweepRole")["Resource"] = "*"

        def managed(resources):
            resources["TimerSweepRole"]["Properties"]["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/X"]

        def key_for_everything(resources):
            del resources["UseOfKey"]["Properties"]["PolicyDocument"]["Statement"][0]["Condition"]

        def trusting(resources):
            del resources["DeploymentRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]

        self.sees(rules.roles, "DeploymentRole may be taken", trusting)
        self.sees(rules.roles, "DueTimerRole may use the key by itself", key_for_everything)
        self.sees(rules.roles, "name the actions", any_action)
        self.sees(rules.roles, "name the resource", any_resource)
        self.sees(rules.roles, "managed policies", managed)

    def test_functions(self):
        def shared_role(resources):
            role = resources["TimerSweepFunction"]["Properties"]["Role"]
            resources["DueTimerFunction"]["Properties"]["Role"] = role

        def forgotten(resources):
            del resources["TimerSweepFunction"]

        def open_end(resources):
            del resources["JiraWebhookFunction"]["Properties"]["ReservedConcurrentExecutions"]

        def unwatched(resources):
            del resources["DueTimerFunctionDeploymentGroup"]["Properties"]["AlarmConfiguration"]

        def everybodys_alarm(resources):
            alarms = resources["JiraWebhookFunctionDeploymentGroup"]["Properties"]["AlarmConfiguration"]["Fn::If"][1]
            alarms["Alarms"] = [{"Name": {"Ref": "WhatsappWebhookVersionErrors"}}]

        self.sees(rules.functions, "not turned back by the errors of its own version", unwatched)
        self.sees(rules.functions, "not turned back by the errors of its own version", everybodys_alarm)
        self.sees(rules.functions, "shares its role", shared_role)
        self.sees(rules.functions, "timer-sweep is not in the template", forgotten)
        self.sees(rules.functions, "reserves no concurrency", open_end)

    def test_self_test(self):
        def one_forgotten(resources):
            versions = resources["SelfTest"]["Properties"]["Environment"]["Variables"]["VERSIONS"]["Fn::Sub"]
            versions[0] = versions[0].replace('"due-timer"', '"due"')

        def another_version(resources):
            versions = resources["SelfTest"]["Properties"]["Environment"]["Variables"]["VERSIONS"]["Fn::Sub"][1]
            versions["DueTimerVersion"] = versions["TimerSweepVersion"]

        def untested(resources):
            del resources["DueTimerFunctionAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["BeforeAllowTrafficHook"]

        def mighty(resources):
            statement(resources, "SelfTestRole")["Action"].append("secretsmanager:GetSecretValue")

        def kept_from_it(resources):
            resources["DeploymentRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].pop()

        def all_functions(resources):
            allowed = resources["SelfTestRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][2]
            allowed["Resource"] = {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"}

        def long(resources):
            resources["SelfTest"]["Properties"]["Code"]["ZipFile"] += "#" * 2_000

        self.sees(rules.self_test, "not told of the new version", one_forgotten)
        self.sees(rules.self_test, "not told of the new version", another_version)
        self.sees(rules.self_test, "DueTimerFunction: a new version gets traffic without", untested)
        self.sees(rules.self_test, "may do other things", mighty)
        self.sees(rules.self_test, "CodeDeploy may not invoke", kept_from_it)
        self.sees(rules.self_test, "too long to stand", long)
        self.sees(rules.roles, "SelfTestRole allows lambda:InvokeFunction", all_functions)

    def test_parameters_reach_live(self):
        def not_described(resources):
            for name, resource in resources.items():
                if name.startswith("InboundMessageFunctionVersion"):
                    resource["Properties"]["Description"] = {"Fn::Sub": ["always the same", {}]}

        def endless(parameters):
            del parameters["JiraBaseUrl"]["MaxLength"]

        def long_name(parameters):
            parameters["CredentialsSecretArn"]["AllowedPattern"] = "^arn:.+:secret:.+$"

        self.sees(rules.parameters_reach_live, "JiraBaseUrl", not_described)
        self.sees(rules.parameters_reach_live, "JiraBaseUrl may be of any length", endless, "Parameters")
        self.sees(rules.parameters_reach_live, "CredentialsSecretArn may be of any length", long_name, "Parameters")

    def test_queues(self):
        def no_dead_letters(resources):
            del resources["StatusQueue"]["Properties"]["RedrivePolicy"]

        def other_kind(resources):
            resources["InboundDeadLetters"]["Properties"]["FifoQueue"] = False

        def plain(resources):
            del resources["DelayQueue"]["Properties"]["SqsManagedSseEnabled"]

        def without_tls(resources):
            resources["QueuesOverTlsOnly"]["Properties"]["Queues"].pop()

        self.sees(rules.queues, "has no dead-letter queue", no_dead_letters)
        self.sees(rules.queues, "not of the same kind", other_kind)
        self.sees(rules.queues, "not encrypted", plain)
        self.sees(rules.queues, "without TLS", without_tls)

    def test_mappings(self):
        def impatient(resources):
            resources["InboundQueue"]["Properties"]["VisibilityTimeout"] = 180

        def other_count(resources):
            resources["DelayQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] = 5

        self.sees(rules.mappings, "below six times", impatient)
        self.sees(rules.mappings, "maxReceiveCount", other_count)

    def test_logs(self):
        def for_ever(resources):
            del resources["TimerSweepLogs"]["Properties"]["RetentionInDays"]

        def elsewhere(resources):
            resources["HttpApiLogs"]["Properties"]["LogGroupName"] = "/aws/apigateway/casement"

        self.sees(rules.logs, "for ever", for_ever)
        self.sees(rules.logs, "takes room in the resource policy", elsewhere)

    def test_secrets(self):
        def goes_with_the_stack(resources):
            del resources["FingerprintKey"]["UpdateReplacePolicy"]

        def without_a_key(resources):
            del resources["WebhookSecret"]["Properties"]["KmsKeyId"]

        def attached_to(policy, role):
            def change(resources):
                resources[policy]["Properties"]["Roles"].append({"Ref": role})

            return change

        def any_secret(resources):
            [statement] = resources["ReadsFingerprintKey"]["Properties"]["PolicyDocument"]["Statement"]
            statement["Resource"] = [statement["Resource"], {"Ref": "CredentialsSecret"}]

        def told_of_the_other(resources):
            variables = resources["DueTimerFunction"]["Properties"]["Environment"]["Variables"]
            variables["CREDENTIALS_SECRET_ID"] = {"Ref": "CredentialsSecret"}

        def needs_it(resources):
            resources["ReadsCredentials"]["Properties"]["Roles"].pop()

        for function, role in [("whatsapp-webhook", "WhatsappWebhookRole"), ("jira-webhook", "JiraWebhookRole")]:
            self.sees(rules.secrets, f"{function} may read CredentialsSecret:", attached_to("ReadsCredentials", role))
            self.sees(rules.secrets, f"{function} may read CredentialsSecret:", any_secret)
        for function, role in [("outbound-message", "OutboundMessageRole"), ("due-timer", "DueTimerRole")]:
            self.sees(rules.secrets, f"{function} may read WebhookSecret:", attached_to("ReadsWebhookSecret", role))
        self.sees(rules.secrets, "due-timer is told of CredentialsSecret", told_of_the_other)
        self.sees(rules.secrets, "timer-sweep may not read CredentialsSecret", needs_it)
        self.sees(rules.secrets, "FingerprintKey goes with the stack", goes_with_the_stack)
        self.sees(rules.secrets, "WebhookSecret is never encrypted", without_a_key)

    def test_table(self):
        def goes_along(resources):
            del resources["Table"]["DeletionPolicy"]

        self.sees(rules.table, "goes with the stack", goes_along)

    def test_ways_in(self):
        def always_open(resources):
            del resources["JiraWebhookUrlMayBeCalled"]["Condition"]

        def asked(files):
            del files["template.yaml"]["Resources"]["HttpApi"]["Properties"]["Auth"]

        self.sees(rules.ways_in, "lets everybody call", always_open)
        self.sees(rules.ways_in, "JiraWebhookFunction: `sam deploy` asks", asked, "Files")

    def test_addresses(self):
        def never_closed(conditions):
            conditions["ClosesApiAddress"] = {"Condition": "OnlyFunctionUrls"}

        def always_urls(conditions):
            conditions["UsesFunctionUrls"] = {"Fn::Not": [{"Condition": "IsProd"}]}

        self.sees(rules.addresses, "DomainName=hooks.example.com: the HTTP API's own address is open", never_closed, "Conditions")
        self.sees(rules.addresses, "Ingress=HttpApi: there are function URLs", always_urls, "Conditions")

    def test_alarms(self):
        def without(*names):
            def change(resources):
                for name in names:
                    del resources[name]

            return change

        self.sees(rules.alarms, "the metric WebhookNotTaken has no alarm", without("WebhookNotTaken"))
        self.sees(rules.alarms, "the metric MessagesStuck has no alarm", without("MessagesStuck"))
        self.sees(rules.alarms, "StatusDeadLetters has no alarm", without("StatusDeadLettersPresent"))
        self.sees(rules.alarms, "InboundQueue has no alarm", without("InboundWaiting"))
        self.sees(rules.alarms, "DueTimerFunction has no alarm (Errors)", without("DueTimerErrors"))

        def tells_nobody(resources):
            del resources["JiraWebhookThrottled"]["Properties"]["AlarmActions"]

        self.sees(rules.alarms, "JiraWebhookFunction has no alarm (Throttles)", tells_nobody)

    def test_metrics_of_one_stack(self):
        def counts_for_all(resources):
            resources["DueTimerFunction"]["Properties"]["Environment"]["Variables"]["STACK_NAME"] = {"Ref": "Stage"}

        def watches_all(resources):
            resources["Unsettled"]["Properties"]["Dimensions"] = [{"Name": "Stage", "Value": "dev"}]

        def shows_all(resources):
            body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
            body[0] = body[0].replace('"Stack", "${Name}"', '"Stage", "dev"', 1)

        self.sees(rules.metrics_of_one_stack, "DueTimerFunction does not count", counts_for_all)
        self.sees(rules.metrics_of_one_stack, "Unsettled watches other stacks", watches_all)
        self.sees(rules.metrics_of_one_stack, "Dashboard shows other stacks", shows_all)

    def test_descriptions(self):
        def silent(files):
            del files["infra/watch.yaml"]["Parameters"]["SilenceHours"]["Description"]
            del files["template.yaml"]["Outputs"]["TableName"]["Description"]

        self.sees(rules.descriptions, "infra/watch.yaml: Parameters: SilenceHours", silent, "Files")
        self.sees(rules.descriptions, "template.yaml: Outputs: TableName", silent, "Files")

    def test_placeholders_of_the_example_are_refused(self):
        example = Path(__file__).resolve().parents[2] / "samconfig.example.toml"
        given = re.findall(r"(\w+)=(\S*[A-Z]{3}[^\s\"]*)", example.read_text(encoding="utf-8"))
        self.assertTrue(given)
        for name, placeholder in given:
            pattern = TRANSLATED["Parameters"][name]["AllowedPattern"]
            self.assertIsNone(re.fullmatch(pattern, placeholder), f"{name} takes {placeholder}")

    def test_size(self):
        def long(files):
            files["template.yaml"]["Description"] = "x" * 3_000

        self.sees(rules.size, "move resources into nested templates", long, "Files")

    def test_actions_called(self):
        template = rules.Template(TRANSLATED)
        found = list(rules.actions_called(template, ["timer-sweep dynamodb:Query", "timer-sweep dynamodb:Scan"]))
        self.assertIn("timer-sweep calls dynamodb:Scan, which its role does not allow", found)
        self.assertTrue(any("timer-sweep may do sqs:SendMessage and never does" in breach for breach in found))
        self.assertFalse(any("dynamodb:Query" in breach and "timer-sweep" in breach for breach in found))


if __name__ == "__main__":
    unittest.main()
