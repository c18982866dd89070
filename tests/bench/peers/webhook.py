"""The peer in Python: verifies Meta's signature, parses, puts each message on the queue."""

import base64
import hashlib
import hmac
import json
import os

import boto3

SECRET = os.environ["APP_SECRET"].encode()
QUEUE = os.environ["INBOUND_QUEUE_URL"]
SQS = boto3.client("sqs", region_name=os.environ["AWS_REGION"])


def is_signed(body, header):
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(header.removeprefix("sha256="), expected)


def entries_of(webhook):
    for entry in webhook["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            number = value["metadata"]["phone_number_id"]
            contacts = {contact["wa_id"]: contact for contact in value.get("contacts", [])}
            for message in value.get("messages", []):
                yield {
                    "MessageBody": json.dumps({
                        "v": 1,
                        "type": "customer_message",
                        "phone_number_id": number,
                        "contact": contacts.get(message["from"]),
                        "message": message,
                    }),
                    "MessageGroupId": f"{number}:{message['from']}",
                    "MessageDeduplicationId": message["id"],
                }


def batches(entries):
    """As full as SQS allows: ten entries and a mebibyte."""
    batch, size = [], 0
    for entry in entries:
        length = len(entry["MessageBody"])
        if batch and (len(batch) == 10 or size + length > 1024 * 1024):
            yield batch
            batch, size = [], 0
        batch.append(entry | {"Id": str(len(batch))})
        size += length
    if batch:
        yield batch


def handler(event, _context):
    body = event["body"]
    body = base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
    if not is_signed(body, event["headers"].get("x-hub-signature-256", "")):
        return {"statusCode": 401}
    for batch in batches(entries_of(json.loads(body))):
        if SQS.send_message_batch(QueueUrl=QUEUE, Entries=batch).get("Failed"):
            return {"statusCode": 503}
    return {"statusCode": 200}
