#!/usr/bin/env node
'use strict'

// Node cannot become another program, so this one waits, hands signals on, and ends as the program has ended.
const { spawn } = require('node:child_process')
const { constants } = require('node:os')
const { program } = require('.')

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])
  process.on(signal, () => child.kill(signal))

child.on('error', error => {
  console.error(`handleguard: ${error.message}`)
  process.exit(125)
})
child.on('exit', (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status))
