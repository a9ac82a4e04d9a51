import * as zmq from 'zeromq'
import { parentPort } from 'node:worker_threads'

const front = new zmq.Pull({ linger: 0 }), back = new zmq.Push({ linger: 0 })
await front.bind('inproc://front')
await back.bind('inproc://back')
const push = new zmq.Push({ linger: 0 }), pull = new zmq.Pull({ linger: 0 })
push.connect('inproc://front')
pull.connect('inproc://back')
const running = new zmq.Proxy(front, back).run()
await push.send('through')
parentPort.postMessage(String((await pull.receive())[0]))
await running
