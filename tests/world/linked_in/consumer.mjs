// A consumer that closes its sockets under load: ROUNDS MESSAGES. Each round's producer still sends, and a receive is under way.
import * as zmq from "zeromq"
const [rounds, messages] = [Number(process.argv[2]), Number(process.argv[3])]
let received = 0, closed = 0

for (let round = 0; round < rounds; round++) {
  const push = new zmq.Push({sendHighWaterMark: 1000, linger: 0}), pull = new zmq.Pull({linger: 0})
  const endpoint = `inproc://load-${round}`
  await push.bind(endpoint)
  pull.connect(endpoint)
  const sending = (async () => {
    try {
      for (let i = 0; ; i++)
        await push.send([String(i), "load"])
    } catch (error) {
      if (!push.closed) throw error
    }
  })()
  let here = 0
  for await (const [number] of pull) {
    if (Number(number) !== here) throw new Error(`${number} is not ${here}`)
    if (++here === messages) break
  }
  received += here
  const more = pull.receive().catch(() => {})
  pull.close()
  push.close()
  closed += 2
  await Promise.all([sending, more])
}
console.log(`${received} received, ${closed} closed`)
