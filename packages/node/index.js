'use strict'

const path = require('node:path')

const MACHINES = { x64: 'x86_64', arm64: 'aarch64' } // npm installs it on no other

/** The folder with all that the program needs, for this machine. */
exports.tree = path.join(__dirname, 'tree', MACHINES[process.arch], 'handleguard')

/** The path of the program. Its runtime and its manifests stand beside it. */
exports.program = path.join(exports.tree, 'bin', 'handleguard')
