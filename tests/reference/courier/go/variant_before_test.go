//go:build before

package courier

const keptAlive = false
