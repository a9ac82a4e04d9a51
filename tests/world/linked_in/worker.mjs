// A worker is terminated while a proxy of its own runs on another thread: the binding closes the proxy's sockets under it.
import * as zmq from "zeromq"
import {Worker, isMainThread, parentPort} from "node:worker_threads"
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url))
  worker.on("message", async (text) => {
    console.log(text)
    await worker.terminate()
  })
} else {
  const front = new zmq.Pull({linger: 0}), back = new zmq.Push({linger: 0})
  await front.bind("inproc://front")
  await back.bind("inproc://back")
  const push = new zmq.Push({linger: 0}), pull = new zmq.Pull({linger: 0})
  push.connect("inproc://front")
  pull.connect("inproc://back")
  const proxy = new zmq.Proxy(front, back)
  const running = proxy.run()
  await push.send("through")
  parentPort.postMessage(String((await pull.receive())[0]))
  await running
}
