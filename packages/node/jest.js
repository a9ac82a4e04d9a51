'use strict'

// For jest: "setupFilesAfterEnv": ["handleguard/jest"]. It is run in front of each file of tests, and its hooks in front of theirs.
const path = require('node:path')
const { begin, end } = require('./labels')

beforeEach(() => {
  const { testPath, currentTestName } = expect.getState()
  begin(`${path.relative(process.cwd(), testPath)} > ${currentTestName}`)
})
afterAll(end)
