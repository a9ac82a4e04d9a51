'use strict'
// Tests of Node's own runner, or of jest, whose globals have the same names: races whose sides are of one test and of two.
const { test, describe } = globalThis.test ? globalThis : require('node:test')
const { fork } = require('node:child_process')
const addon = require(process.env.ADDON)

async function race() {
  const gate = addon.open()
  const waited = addon.wait(gate)
  addon.awaitParked(gate)
  addon.close(gate)
  addon.letGo(gate)
  await waited
}

let left
test('is right', () => addon.close(addon.open()))
test('races', race)
test('leaves a timer behind', () => {
  const gate = addon.open()
  left = { gate, done: new Promise(done => setTimeout(() => done(addon.close(gate)), 1)) }
})
describe('of a group', () => {
  test('uses what the timer has closed', async () => {
    await left.done
    addon.touch(left.gate)
  })
})
test('forks what has no tests', async () => {
  const child = fork(__dirname + '/silent.js', { silent: true })
  let said = ''
  child.stdout.on('data', more => said += more)
  await new Promise(done => child.on('close', done))
  if (said) throw new Error(said)
})
