'use strict'

// For Node's own runner: node --require handleguard/node-test --test. Node hands the option on to the process of each file;
// the one that only starts these has no tests. Nor have those that a test forks, to which Node hands it on, too: there, the
// runner's mere use would print a summary.
const path = require('node:path')
const { begin } = require('./labels')

const FORKED = 'NODE_TEST_LABELLED' // not HANDLEGUARD_...: those are options
const starts = process.execArgv.includes('--test') && !process.execArgv.some(word => /^--(experimental-)?test-isolation=none$/.test(word))

if (!starts && !process.env[FORKED]) {
  process.env[FORKED] = '1'
  require('node:test').beforeEach(context => {
    const file = context.filePath || process.argv[1] // none: of a program that the command line has
    const name = context.fullName || context.name
    begin(file ? `${path.relative(process.cwd(), file)} > ${name}` : name)
  })
}
