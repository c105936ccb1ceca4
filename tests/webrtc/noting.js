// Notes, oldest first in `seen`, what reaches the page, and keeps its connections to be measured.
const seen = (window.seen = []);
const connections = [];
const phones = [];
const note = (what, details = {}) => seen.push({ what, ...details });

window.WebSocket = class extends WebSocket {
  constructor(...parameters) {
    super(...parameters);
    if (!this.url.includes("/api/v1/live")) phones.push(this);
    this.addEventListener("message", ({ data }) => {
      if (this.url.includes("/api/v1/live")) {
        const event = JSON.parse(data);
        note(event.type, event);
      } else if (String(data).startsWith("INVITE ")) {
        const header = (name) => String(data).match(new RegExp(`^${name}: *(.*)$`, "mi"))?.[1] ?? "";
        note("invite", { call_id: header("X-Hotline-Call"), caller: header("From").match(/sip:(\d*)/)?.[1] });
      }
    });
  }
};

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...parameters) {
    super(...parameters);
    connections.push(this);
  }
};

// The ring is made of tones: what stood on the page when it began?
const makeTone = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  note("ring", { card: document.querySelector("[role=region]")?.innerText ?? "" });
  return makeTone.call(this);
};

// Notices on the desktop, and a page that is not in front.
let hidden = false;
Object.defineProperty(document, "hidden", { get: () => hidden });
window.hide = (now) => {
  hidden = now;
  document.dispatchEvent(new Event("visibilitychange"));
};
window.Notification = class {
  static permission = "granted";
  constructor(title, { body }) {
    note("notice", { title, body });
  }
  close() {
    note("notice_closed");
  }
};

// The way to the switch breaks.
window.cut = () => phones.at(-1).close();

window.heard = async function heard() {
  const stats = await connections.at(-1).getStats();
  const found = { codec: "", packets: 0, energy: 0, seconds: 0, dtls: "" };
  for (const each of stats.values()) {
    if (each.type === "inbound-rtp" && each.kind === "audio") {
      found.codec = stats.get(each.codecId)?.mimeType ?? "";
      found.packets = each.packetsReceived;
      found.energy = each.totalAudioEnergy;
      found.seconds = each.totalSamplesDuration;
    }
    if (each.type === "transport") found.dtls = each.dtlsState;
  }
  return found;
};
