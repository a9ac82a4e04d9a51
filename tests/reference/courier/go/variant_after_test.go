//go:build !before

package courier

const keptAlive = true
