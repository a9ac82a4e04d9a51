// What is right, and a worker that is terminated while a proxy of its own runs on another thread.
const { Worker } = require('node:worker_threads')
const zmq = require('zeromq')

test('sends and receives', async () => {
  const push = new zmq.Push({ linger: 0 }), pull = new zmq.Pull({ linger: 0 })
  await push.bind('inproc://right')
  pull.connect('inproc://right')
  await push.send('through')
  expect(String((await pull.receive())[0])).toBe('through')
  push.close()
  pull.close()
})

test('terminates the worker of a proxy that runs', async () => {
  const worker = new Worker(__dirname + '/proxy.mjs')
  await new Promise(done => worker.on('message', done))
  await worker.terminate()
})
