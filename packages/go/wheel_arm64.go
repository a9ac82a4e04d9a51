//go:build linux

package main

import _ "embed"

//go:embed wheel_aarch64.zip
var wheel []byte
