//go:build tools

// Package s3server pins the S3 server that the tests start; nothing here is compiled into the product.
package s3server

import _ "github.com/versity/versitygw/cmd/versitygw"
