"""Runs a function's binary for one event, as Lambda's Runtime API does."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REGION = "eu-central-1"


def invoke(binary, name, event, environment):
    """Starts the function with this environment, hands it the event, and gives its answer."""
    answers = []
    done = threading.Event()

    class RuntimeApi(BaseHTTPRequestHandler):
        def do_GET(self):
            if done.is_set():
                # The next event never comes.
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
            self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", f"arn:aws:lambda:{REGION}:1:function:f")
            self.end_with(json.dumps(event).encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answers.append((self.path.rsplit("/", 1)[-1], json.loads(body or b"null")))
            self.send_response(202)
            self.end_with(b"")
            done.set()

        def end_with(self, body):
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    api = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    process = subprocess.Popen(
        [binary],
        env={
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "moto",
            "AWS_SECRET_ACCESS_KEY": "moto",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    answered = done.wait(60)
    process.kill()
    output = process.communicate()[0].decode(errors="replace")
    api.shutdown()
    if not answered or answers[0][0] != "response":
        sys.exit(f"{binary} did not answer: {answers}\n{output}")
    return answers[0][1], output


def http_event(path, headers, body):
    """What an HTTP API hands a function, payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", **headers},
        "requestContext": {
            "accountId": "1",
            "apiId": "api",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "1",
            "routeKey": f"POST {path}",
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def sqs_event(messages, arn):
    """What an event source mapping hands a function."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }
