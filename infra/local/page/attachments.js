// What a customer can send besides words. Samples are made here, so that nobody needs files.

import { api, customerPath, post } from "./api.js";

/** A small photo: a parcel on a doorstep. */
async function samplePhoto() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 320 });
  const paint = canvas.getContext("2d");
  const box = (colour, ...shape) => { paint.fillStyle = colour; paint.fillRect(...shape); };
  box("#c9dbe6", 0, 0, 480, 320);
  box("#7c8f86", 0, 230, 480, 90);
  box("#39586b", 60, 20, 150, 210);
  box("#e2b04a", 185, 125, 12, 12);
  box("#b98a5a", 240, 140, 160, 110);
  box("#e6d3b3", 308, 140, 24, 110);
  box("#fbfaf5", 258, 160, 44, 30);
  const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
  return new File([blob], "parcel.png", { type: "image/png" });
}

/** A voice note of three silent seconds: Opus in Ogg (RFC 7845), made packet by packet. */
function sampleVoice() {
  const head = [...text("OpusHead"), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0];
  const tags = [...text("OpusTags"), 8, 0, 0, 0, ...text("Casement"), 0, 0, 0, 0];
  const silence = [0xf8, 0xff, 0xfe], frames = 150, samplesPerFrame = 960;
  const pages = [page(0, 2, 0, [head]), page(1, 0, 0, [tags]), page(2, 4, frames * samplesPerFrame, Array(frames).fill(silence))];
  return new File(pages, "voice.ogg", { type: "audio/ogg" });
}

const text = words => [...words].map(letter => letter.charCodeAt(0));

/** An Ogg page (RFC 3533, section 6) of packets that are shorter than 255 bytes. */
function page(number, flags, position, packets) {
  const bytes = new Uint8Array([...text("OggS"), 0, flags, ...little(position, 8), ...little(1, 4), ...little(number, 4), 0, 0, 0, 0,
    packets.length, ...packets.map(packet => packet.length), ...packets.flat()]);
  bytes.set(little(checksum(bytes), 4), 22);
  return bytes;
}

const little = (value, length) => Array.from({ length }, (_, index) => Math.floor(value / 256 ** index) % 256);

function checksum(bytes) {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}

/** A page of PDF with a line of text. */
function sampleDocument() {
  const line = "BT /F1 18 Tf 40 100 Td (Invoice 4711) Tj ET";
  const objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 160]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${line.length}>>stream\n${line}\nendstream`, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"];
  let pdf = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = pdf.length;
    pdf += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  pdf += `xref\n0 6\n0000000000 65535 f \n${places.join("")}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${pdf.indexOf("xref")}\n%%EOF`;
  return new File([pdf], "invoice-4711.pdf", { type: "application/pdf" });
}

/** Sends a file from the phone. */
function sendFile(customer, file, { caption, name, voice } = {}) {
  const form = new FormData();
  if (name) form.append("profile_name", name);
  if (caption) form.append("caption", caption);
  if (voice) form.append("voice", "true");
  form.append("file", file);
  return api("POST", customerPath(customer, "/files"), form);
}

/** A file as the comments of a request take it. */
export async function encoded(file) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return { filename: file.name, mime_type: file.type || "application/octet-stream", base64: url.slice(url.indexOf(",") + 1) };
}

const place = { latitude: 52.5163, longitude: 13.3777, name: "Brandenburg Gate", address: "Pariser Platz, Berlin" };
const contact = { name: { formatted_name: "Grace Miller", first_name: "Grace", last_name: "Miller" }, phones: [{ phone: "+49 30 5550100", type: "WORK" }] };

const write = (customer, name, message) => post(customerPath(customer, "/messages"), { ...message, profile_name: name });

/** What the entries of the phone's attachment menu send. */
export const SENDERS = {
  photo: async (customer, options) => sendFile(customer, await samplePhoto(), options),
  voice: (customer, { name }) => sendFile(customer, sampleVoice(), { name, voice: true }),
  document: (customer, options) => sendFile(customer, sampleDocument(), options),
  location: (customer, { name }) => write(customer, name, { type: "location", location: place }),
  contact: (customer, { name }) => write(customer, name, { type: "contacts", contacts: [contact] }),
  file: (customer, { file, ...options }) => sendFile(customer, file, options),
};
