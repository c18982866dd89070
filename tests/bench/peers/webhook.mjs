// The peer in Node: verifies Meta's signature, parses, puts each message on the queue. A runtime
// loop of its own, as lean as it gets.

import { createHmac, timingSafeEqual } from "node:crypto";
import http from "node:http";
import { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";

const { APP_SECRET, AWS_ENDPOINT_URL_SQS, AWS_LAMBDA_RUNTIME_API, AWS_REGION, INBOUND_QUEUE_URL } =
  process.env;
// A warning about the age of Node at every start is not what is to be measured.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const sqs = new SQSClient({
  region: AWS_REGION,
  endpoint: AWS_ENDPOINT_URL_SQS,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

function isSigned(body, header = "") {
  const expected = createHmac("sha256", APP_SECRET).update(body).digest();
  const given = Buffer.from(header.replace(/^sha256=/, ""), "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function entriesOf(webhook) {
  const values = webhook.entry.flatMap((entry) => entry.changes.map((change) => change.value));
  return values.flatMap(({ metadata, contacts = [], messages = [] }) =>
    messages.map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({
        v: 1,
        type: "customer_message",
        phone_number_id: metadata.phone_number_id,
        contact: contacts.find((contact) => contact.wa_id === message.from),
        message,
      }),
      MessageGroupId: `${metadata.phone_number_id}:${message.from}`,
      MessageDeduplicationId: message.id,
    })),
  );
}

/** As full as SQS allows: ten entries and a mebibyte. */
function batches(entries) {
  const all = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody);
    if (bytes + size > 1024 * 1024 || all.at(-1).length === 10) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1).push(entry);
    bytes += size;
  }
  return all;
}

async function handle(event) {
  const body = event.isBase64Encoded ? Buffer.from(event.body, "base64") : event.body;
  if (!isSigned(body, event.headers["x-hub-signature-256"])) return { statusCode: 401 };
  for (const Entries of batches(entriesOf(JSON.parse(body)))) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: INBOUND_QUEUE_URL, Entries }),
    );
    if (Failed.length > 0) return { statusCode: 503 };
  }
  return { statusCode: 200 };
}

const [host, port] = AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/invocation${path}` };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const { headers, text } = await call("GET", "/next");
  const answer = await handle(JSON.parse(text));
  await call("POST", `/${headers["lambda-runtime-aws-request-id"]}/response`, JSON.stringify(answer));
}
