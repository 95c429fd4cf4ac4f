// One live stream for all tabs of one reader: browsers allow only six connections to a server.
import { listen } from "./live-stream.js";

const ports = new Set();
let last = null;
let listening = false;

self.addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.addEventListener("message", ({ data }) => {
    if (data.bye) {
      ports.delete(port);
      return;
    }
    ports.add(port);
    if (last) port.postMessage(last);
    if (listening) return;
    listening = true;
    listen(data, (work) => {
      last = work;
      for (const page of ports) page.postMessage(work);
    });
  });
  port.start();
});
