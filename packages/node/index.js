'use strict'

const path = require('node:path')

/** The path of the program. Its runtime and its manifests stand beside it. */
exports.program = path.join(__dirname, 'tree', 'handleguard', 'bin', 'handleguard')
