'use strict'

// Which test JavaScript is in, said to the runtime: each call of a finding is told with what its thread was doing then.
//
// The callback of a timer, of a socket, of work on the pool belongs to the test that asked for it, also when another one is being
// run by then: what can be waited for keeps the label under which it was begun. Not so a promise: the runner that goes from test
// to test by promises of its own would take each one's label along. Nor what the runner has for a test itself.
const { createHook, executionAsyncResource } = require('node:async_hooks')
const { stat } = require('node:fs')
const { join } = require('node:path')
const { tree } = require('.')

const { label } = require(join(tree, 'lib', 'handleguard.node'))

const LABEL = Symbol('handleguard.label')
const RUNNERS = new Set(['PROMISE', 'Test', 'TestHook', 'Suite'])
let said = '' // the label of this thread
let current = '' // the test that is being run

function say(name) {
  if (name !== said) label(said = name)
}

const hook = createHook({
  trackPromises: false, // what Node is too old to know that takes longer, and is the same
  init(id, type, trigger, resource) { if (!RUNNERS.has(type)) resource[LABEL] = said },
  before() { say(executionAsyncResource()[LABEL] ?? current) },
  after() { say(current) },
})

// The pool's threads are whoever's work they do. Those that are there before any label go by the latest one of the process.
if (label) stat('.', () => {})

/** From here on this is the test. */
exports.begin = name => {
  if (!label) return
  if (!current) hook.enable()
  current = name
  say(name)
}

/** There are no more tests here. */
exports.end = () => {
  if (!label) return
  hook.disable()
  say(current = '')
}
