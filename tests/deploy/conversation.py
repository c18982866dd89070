"""A conversation on a deployment: every function in its turn, against simulated WhatsApp and Jira."""

import contextlib
import datetime
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from lambda_host import REGION, http_event, invoke, sqs_event

CUSTOMER = "16505550100"
NUMBER = "106540352242922"


# Of a stack to which it is given.
FINGERPRINT_KEY = "0123456789abcdef" * 4


def sealed(key, secret):
    """What goes along with a message, and is believed when it comes back (shared/core/src/model/ledger/callback.rs)."""
    code = hmac.new(secret.encode(), b"casement callback\0" + key.encode(), hashlib.sha256)
    return f"{key}~{code.hexdigest()[:16]}"


def signature(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


@contextlib.contextmanager
def simulators(binaries):
    """casement-local for its simulators alone: its own functions are kept from their queues."""
    command = [binaries / "casement-local", "--no-build", "--quiet", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        started = Simulators(process.stdout.readline().split()[-1])
        started.call("POST", "/api/faults", {"target": "sqs", "kind": "status"})
        yield started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


class Simulators:
    """Their control API."""

    def __init__(self, url):
        self.url = url

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def chat(self):
        return self.call("GET", f"/api/customers/{CUSTOMER}/messages")

    def sent(self):
        """The texts that came to the customer's phone."""
        return [message["text"] for message in self.chat() if message["direction"] == "out"]


class Conversation:
    """Hands events to functions and takes what they leave on the queues to the next one."""

    def __init__(self, deployed, binaries, simulators):
        self.deployed, self.binaries, self.simulators = deployed, binaries, simulators
        self.sqs = deployed.client("sqs")

    def run(self, binary, event):
        function = "".join(part.capitalize() for part in binary.split("-")) + "Function"
        environment = {
            **self.deployed.environment(function),
            "AWS_ENDPOINT_URL": self.deployed.endpoint,
        }
        return invoke(self.binaries / binary, function, event, environment)

    def post(self, binary, path, header, secret, body, expected=200):
        answer, output = self.run(binary, http_event(path, {header: signature(secret, body)}, body))
        if answer["statusCode"] != expected:
            sys.exit(f"{binary} answered {answer['statusCode']} in place of {expected}\n{output}")

    def post_whatsapp(self, value, secret="local-app-secret", expected=200):
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
            **value,
        }
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        self.post("whatsapp-webhook", "/whatsapp", "x-hub-signature-256", secret, body, expected)

    def take(self, queue, binary):
        """Hands a queue's message to its function, and has it removed when it is dealt with."""
        url = self.deployed.physical[queue]
        asked = {"QueueUrl": url, "AttributeNames": ["All"], "MaxNumberOfMessages": 1, "WaitTimeSeconds": 20}
        messages = self.sqs.receive_message(**asked).get("Messages", [])
        if not messages:
            sys.exit(f"nothing came on {queue} for {binary}")
        event = sqs_event(messages, self.deployed.attributes(queue)["QueueArn"])
        answer, output = self.run(binary, event)
        if answer and answer["batchItemFailures"]:
            sys.exit(f"{binary} sent its message back\n{output}")
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])

    def apply_settings(self):
        # Closed today, so that the delay notice is due after ten seconds.
        other_day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
        settings = [
            "[[number]]",
            f'phone_number_id = "{NUMBER}"',
            'service_desk_id = "1"',
            'request_type_id = "10"',
            "[number.hours]",
            f'{other_day.strftime("%A").lower()} = ["12:00-12:30"]',
            "[number.texts.en]",
            'first_contact_closed = "We are closed."',
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write("\n".join(settings))
            file.flush()
            table = self.deployed.physical["Table"]
            command = [self.binaries / "casement", "--name", f"TableName={table}", "settings", "apply", file.name, "--yes"]
            environment = {
                "AWS_ENDPOINT_URL": self.deployed.endpoint,
                "AWS_REGION": REGION,
                "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
                "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
            }
            subprocess.run(command, env=environment, check=True, capture_output=True)

    def customer_says(self, words):
        text = {"type": "text", "text": {"body": words}}
        wrote = self.simulators.call("POST", f"/api/customers/{CUSTOMER}/messages", text)
        message = {"from": CUSTOMER, "id": wrote["wamid"], "timestamp": str(int(time.time())), **text}
        contacts = [{"profile": {"name": "Ana"}, "wa_id": CUSTOMER}]
        self.post_whatsapp({"contacts": contacts, "messages": [message]}, secret="no-secret", expected=401)
        self.post_whatsapp({"contacts": contacts, "messages": [message]})
        self.take("InboundQueue", "inbound-message")

    def customer_writes(self):
        self.customer_says("My order is late")
        [request] = self.simulators.call("GET", "/api/requests")
        self.expect("comments of the request", [c["text"] for c in request["comments"]], ["My order is late"])
        return request

    def notice_comes(self):
        self.run("timer-sweep", {"id": "tick"})
        self.take("DelayQueue", "due-timer")
        self.take("OutboundQueue", "outbound-message")
        self.expect("the delay notice", self.simulators.sent(), ["We are closed."])

    def agent_answers(self, request):
        comment = self.simulators.call(
            "POST",
            f"/api/requests/{request['key']}/comments",
            {"text": "It comes tomorrow", "public": True, "author": "agent"},
        )
        body = json.dumps(
            {
                "timestamp": int(time.time() * 1000),
                "webhookEvent": "comment_created",
                "comment": {"id": comment["id"]},
                "issue": {"id": request["id"], "key": request["key"]},
            }
        )
        self.post("jira-webhook", "/jira", "x-hub-signature", "local-jira-secret", body)
        self.take("OutboundQueue", "outbound-message")
        self.expect("the reply", self.simulators.sent()[-1:], ["It comes tomorrow"])

    def fingerprint_key(self):
        return FINGERPRINT_KEY

    def reply_is_delivered(self, request):
        """Reports come back with what the send gave along, and sometimes without it: the message's id is enough."""
        reply = self.simulators.chat()[-1]
        [comment] = [c for c in self.comments(request) if c["text"] == "It comes tomorrow"]
        for state, more in [("delivered", {"biz_opaque_callback_data": sealed(f"comment:{comment['id']}/0", self.fingerprint_key())}), ("read", {})]:
            status = {
                "id": reply["wamid"],
                "status": state,
                "timestamp": str(int(time.time())),
                "recipient_id": CUSTOMER,
                **more,
            }
            self.post_whatsapp({"statuses": [status]})
            self.take("StatusQueue", "message-status")
            [shown] = [c["properties"] for c in self.comments(request) if c["id"] == comment["id"]]
            self.expect("the delivery state on the comment", shown["casement"]["state"], state)

    def goes_on(self):
        """The customer writes once more: the request is known, and so is the customer's number."""
        [request] = self.simulators.call("GET", "/api/requests")
        self.customer_says("Thank you, I will be at home")
        [found] = self.simulators.call("GET", "/api/requests")
        self.expect("the request", found["key"], request["key"])
        self.expect("its last comment", found["comments"][-1]["text"], "Thank you, I will be at home")
        print("the conversation went on in its request")

    def comments(self, request):
        [found] = [r for r in self.simulators.call("GET", "/api/requests") if r["id"] == request["id"]]
        return found["comments"]

    @staticmethod
    def expect(what, found, expected):
        if found != expected:
            sys.exit(f"{what}: {found!r} in place of {expected!r}")

    def tries(self):
        """The customer writes while the team is closed, hears so, is answered, and the answer arrives."""
        self.apply_settings()
        request = self.customer_writes()
        self.notice_comes()
        self.agent_answers(request)
        self.reply_is_delivered(request)
        print("a message, a delay notice, a reply and its report went through all seven functions")
