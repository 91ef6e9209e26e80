#!/bin/sh
# How the signed files were made, with nothing but the openssl command: MD5 of the text without number, RSA with SHA-1 over its 16
# bytes, lower-case hexadecimal, and number, CR LF and signature in the place of the empty number.
# Run here, it writes the same bytes again; the tests compare with the files and do not run it.
set -eu
cd "$(dirname "$0")"
for name in message message-open-end; do
  signature=$(openssl dgst -md5 -binary "$name.xml" | openssl dgst -sha1 -sign test-key.pem | od -An -v -tx1 | tr -d ' \n')
  run=$(printf '<BizMsgID>990101261128000001<\\/BizMsgID>\\r\\n<DigitalSign>%s<\\/DigitalSign>' "$signature")
  sed "s/<BizMsgID><\\/BizMsgID>/$run/" "$name.xml" > "$name-signed.xml"
done
