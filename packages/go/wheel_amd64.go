//go:build linux

package main

import _ "embed"

//go:embed wheel_x86_64.zip
var wheel []byte
