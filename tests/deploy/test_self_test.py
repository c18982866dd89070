"""The hook lets a version have traffic only when it has passed its self-test, and always reports."""

import contextlib
import io
import json
import unittest
from unittest import mock

from self_test import report

ARN = "arn:aws:lambda:eu-central-1:111122223333:function:casement-prod-{}-AbC"
DUE, SWEEP = ARN.format("DueTimerFunction"), ARN.format("TimerSweepFunction")
NEW = {"due-timer": f"{DUE}:7", "timer-sweep": f"{SWEEP}:4"}


def said(function="due-timer", failures=(), not_yet=()):
    return {"function": function, "version": "0.1.0", "failures": failures, "not_yet": not_yet}


def deployment(name, version, kind="string"):
    """What CodeDeploy says of one, with its AppSpec file in one of the two places that it has for that."""
    properties = {"Name": name.split(":")[-1], "Alias": "live", "CurrentVersion": "1", "TargetVersion": version}
    spec = {"version": 0.0, "Resources": [{"Target": {"Type": "AWS::Lambda::Function", "Properties": properties}}]}
    revision = {"revisionType": "x", kind: {"content": json.dumps(spec), "sha256": "0" * 64}}
    return {"deploymentInfo": {"deploymentId": "d-1", "revision": revision}}


class Hook(unittest.TestCase):
    def run_hook(self, answers, told=None, **options):
        """The status, the pauses, and which versions were invoked with what; functions answer these, the last one for ever."""
        answers = list(answers)
        deployments, functions = mock.Mock(), mock.Mock()
        deployments.get_deployment.side_effect = [told or deployment(DUE, "7")]

        def invoke(FunctionName, Payload):
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            payload = {"Payload": io.BytesIO(json.dumps(answer.get("says", answer)).encode())}
            return {**payload, "FunctionError": "Unhandled"} if "says" in answer else payload

        functions.invoke.side_effect = invoke
        with contextlib.redirect_stdout(io.StringIO()) as log:
            status, pauses = report(NEW, deployments, functions, **options)
        self.log = log.getvalue()
        return status, pauses, [call.kwargs for call in functions.invoke.call_args_list]

    def test_the_version_that_the_deployment_brings_is_tested(self):
        event = b'{"casement_self_test": true}'
        for kind in ("string", "appSpecContent"):
            status, pauses, invoked = self.run_hook([said()], deployment(DUE, "7", kind))
            self.assertEqual((status, pauses), ("Succeeded", 0))
            self.assertEqual(invoked, [{"FunctionName": f"{DUE}:7", "Payload": event}])

    def test_a_deployment_that_is_turned_back_names_an_older_version(self):
        status, _, invoked = self.run_hook([said()], deployment(DUE, 6))
        self.assertEqual((status, invoked[0]["FunctionName"]), ("Succeeded", f"{DUE}:6"))

    def test_all_new_versions_are_tested_if_the_deployment_does_not_say_which(self):
        for told in ({"deploymentInfo": {}}, OSError("AccessDenied")):
            status, _, invoked = self.run_hook([said(), said("timer-sweep")], told)
            self.assertEqual((status, [i["FunctionName"] for i in invoked]), ("Succeeded", list(NEW.values())))

    def test_what_is_not_filled_in_yet_is_no_failure(self):
        status, _, _ = self.run_hook([said(not_yet=["the secret has no value yet"])])
        self.assertEqual(status, "Succeeded")
        self.assertIn("due-timer: not yet: ['the secret has no value yet']", self.log)

    def test_a_version_that_cannot_work_gets_no_traffic(self):
        crash = {"says": {"errorType": "Runtime.ExitError", "errorMessage": "exit status 1"}}
        for answer, words in [
            (crash, "it crashed: Runtime.ExitError: exit status 1"),
            (said(failures=["the secret cannot be read"]), "the secret cannot be read"),
            (said("timer-sweep"), "it has the code of timer-sweep"),
            ({"batchItemFailures": []}, "it did not answer the self-test"),
            (TimeoutError("read"), "it did not answer the self-test: TimeoutError: read"),
        ]:
            status, pauses, invoked = self.run_hook([answer])
            self.assertEqual((status, pauses, len(invoked)), ("Failed", 4, 5), answer)
            self.assertIn(f"due-timer: {words}", self.log)
            self.assertEqual(self.run_hook([answer], turns_back="no")[0], "Succeeded")

    def test_what_passes_by_itself_is_waited_for(self):
        denied = said(failures=["the secret cannot be read: it refuses (AccessDeniedException)"])
        status, pauses, _ = self.run_hook([denied, OSError("TooManyRequests"), said()])
        self.assertEqual((status, pauses), ("Succeeded", 2))


if __name__ == "__main__":
    unittest.main()
