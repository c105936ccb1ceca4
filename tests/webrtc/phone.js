// A phone in a page of ours. What happens to it is noted in `seen`, oldest first.
const seen = [];
const note = (what, details = {}) => seen.push({ what, ...details });
const caller = new Audio();
let agent, session;

function watch() {
  return new Promise((ready, failed) => {
    const live = new WebSocket(`ws://${location.host}/api/v1/live`);
    live.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "resync") ready();
      else note(event.type, event);
    };
    live.onclose = ({ code }) => { note("live_closed", { code }); failed(new Error(`closed: ${code}`)); };
  });
}

function register({ account, secret, socket }) {
  const way = new JsSIP.WebSocketInterface(`ws://${location.host}${socket}`);
  agent = new JsSIP.UA({
    sockets: [way], uri: `sip:${account}@hotline`, password: secret, register_expires: 120,
  });
  agent.on("newRTCSession", (incoming) => arrive(incoming));
  agent.on("disconnected", ({ code }) => note("disconnected", { code }));
  return new Promise((registered, failed) => {
    agent.on("registered", () => registered());
    agent.on("registrationFailed", ({ cause }) => failed(new Error(cause)));
    agent.start();
  });
}

function arrive({ session: arrived, request }) {
  session = arrived;
  note("invite", { call_id: request.getHeader("X-Hotline-Call"), caller: request.from.uri.user });
  session.on("confirmed", () => note("confirmed"));
  session.on("ended", ({ originator }) => note("ended", { originator }));
  session.on("failed", ({ originator, cause }) => note("failed", { originator, cause }));
  session.on("peerconnection", ({ peerconnection }) => {
    peerconnection.ontrack = ({ streams }) => {
      caller.srcObject = streams[0];
      caller.play();
    };
  });
}

function answer() {
  session.answer({ mediaConstraints: { audio: true, video: false } });
}

async function heard() {
  const stats = await session.connection.getStats();
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
}
