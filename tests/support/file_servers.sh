#!/bin/sh
# A private SFTP or FTP server for one test run: OpenSSH's or vsftpd, as an ordinary process on 127.0.0.1
# with its own configuration, keys and folder.
#
#   file_servers.sh start KIND FOLDER [PORT]   prints "PORT PID USER"; files lie in FOLDER/files, what the server
#                                              wrote in FOLDER/server.log; without PORT at any free one
#   file_servers.sh again KIND FOLDER PORT     the same server once more, after it was stopped
#   file_servers.sh clean                      takes away what servers of sftp-questions and sftp-key-questions that were
#                                              killed left in /tmp
#
# KIND: sftp, sftp-password, sftp-questions, sftp-key-password, sftp-key-questions, sftp-password-key, ftp, old-ftp. old-ftp knows no EPSV, and names an address of nobody in its answer
# to PASV. SFTP: FOLDER/client_key (passphrase "secret") is let in, FOLDER/other_key is not, FOLDER/host_key.pub
# is the server's; whoever is let in begins in FOLDER/files and gets files only, no shell. sftp-password also lets
# in the user "courier" with the password "secret", sftp-questions the same user, but only asks for it in words
# (keyboard-interactive). The three with a key want client_key and that password of him, one after the other. FTP: the user "ftp" with that password. Whoever starts one ends
# it by its PID. Nothing is skipped: a missing server ends with exit code 3 and a sentence.
set -eu
usage="usage: file_servers.sh start|again sftp|sftp-password|sftp-questions|sftp-key-password|sftp-key-questions|sftp-password-key|ftp|old-ftp FOLDER [PORT]"

fail() { echo "file_servers.sh: $1" >&2; exit 3; }

program() {  # NAME PACKAGE
  for place in "/usr/sbin/$1" "$(command -v "$1" 2>/dev/null || true)"; do
    if [ -n "$place" ] && [ -x "$place" ]; then echo "$place"; return; fi
  done
  fail "$1 is not installed; install the Debian package $2"
}

library() {  # NAME PACKAGE
  for place in /usr/lib/*/"$1"; do
    if [ -e "$place" ]; then echo "$place"; return; fi
  done
  fail "$1 is not there; install the Debian package $2"
}

free_port() {
  python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'
}

answers() {  # PORT
  python3 -c 'import socket,sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).recv(3)' "$1" 2>/dev/null
}

configure_sftp() {  # FOLDER
  for key in host_key client_key other_key; do
    phrase=""
    if [ "$key" = client_key ]; then phrase=secret; fi
    ssh-keygen -q -t ed25519 -a 1 -N "$phrase" -C "$key" -f "$1/$key"
  done
  cp "$1/client_key.pub" "$1/authorized_keys"
  cat >"$1/server.conf" <<END
ListenAddress 127.0.0.1
HostKey $1/host_key
AuthorizedKeysFile $1/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
LogLevel VERBOSE
DisableForwarding yes
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d $1/files
END
}

# A user with a password who is in no file of this machine: the server is shown other files of users instead.
configure_sftp_password() {  # FOLDER
  configure_sftp "$1"
  { cat /etc/passwd; echo "$user:x:$(id -u):$(id -g)::$1/files:/bin/sh"; } >"$1/passwd"
  cp /etc/group "$1/group"
  (umask 077; echo "$user:$(openssl passwd -6 secret):19000:0:99999:7:::" >"$1/shadow")
}

# The same user; what the server asks is told to PAM, which knows his password from a file of ours.
configure_sftp_questions() {  # FOLDER
  configure_sftp_password "$1"
  sed -i -e 's/^UsePAM no/UsePAM yes/' -e 's/^PasswordAuthentication yes/PasswordAuthentication no/' \
    -e 's/^KbdInteractiveAuthentication no/KbdInteractiveAuthentication yes/' "$1/server.conf"
  echo "$user:secret:sshd" >"$1/answers"
  mkdir -p "$1/pam"
  for step in auth account password session; do
    echo "$step required $(library pam_wrapper/pam_matrix.so libpam-wrapper) passdb=$1/answers"
  done >"$1/pam/sshd"
}

configure_sftp_key_password() {  # FOLDER
  configure_sftp_password "$1"
  echo "AuthenticationMethods publickey,password" >>"$1/server.conf"
}

configure_sftp_key_questions() {  # FOLDER
  configure_sftp_questions "$1"
  echo "AuthenticationMethods publickey,keyboard-interactive" >>"$1/server.conf"
}

configure_sftp_password_key() {  # FOLDER
  configure_sftp_password "$1"
  echo "AuthenticationMethods password,publickey" >>"$1/server.conf"
}

configure_ftp() {  # FOLDER
  echo secret >"$1/passwords"
  cat >"$1/server.conf" <<END
listen=YES
listen_address=127.0.0.1
background=NO
run_as_launching_user=YES
anonymous_enable=YES
no_anon_password=NO
secure_email_list_enable=YES
email_password_file=$1/passwords
anon_root=$1/files
anon_umask=022
anon_world_readable_only=NO
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
write_enable=YES
ascii_upload_enable=YES
ascii_download_enable=YES
pasv_address=192.0.2.1
pasv_addr_resolve=NO
seccomp_sandbox=NO
xferlog_enable=YES
xferlog_std_format=NO
log_ftp_protocol=YES
vsftpd_log_file=$1/server.log
END
}

configure_old_ftp() {  # FOLDER
  configure_ftp "$1"
  echo cmds_denied=EPSV >>"$1/server.conf"
}

launch() {  # KIND FOLDER PORT
  if [ "${1#sftp}" != "$1" ]; then
    # As root the server wants its empty folder, which only its service makes.
    if [ "$(id -u)" = 0 ]; then mkdir -p /run/sshd; fi
    if [ "$1" != sftp ]; then
      LD_PRELOAD="$(library libnss_wrapper.so libnss-wrapper)"
      export LD_PRELOAD NSS_WRAPPER_PASSWD="$2/passwd" NSS_WRAPPER_GROUP="$2/group" NSS_WRAPPER_SHADOW="$2/shadow"
    fi
    if [ "${1%questions}" != "$1" ]; then
      LD_PRELOAD="$LD_PRELOAD $(library libpam_wrapper.so libpam-wrapper)"
      export PAM_WRAPPER=1 PAM_WRAPPER_SERVICE_DIR="$2/pam"
    fi
    "$(program sshd openssh-server)" -D -e -f "$2/server.conf" -p "$3" >>"$2/server.log" 2>&1 &
  else
    "$(program vsftpd vsftpd)" "$2/server.conf" "-olisten_port=$3" >>"$2/server.out" 2>&1 &
  fi
  server=$!
  unset LD_PRELOAD
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    if answers "$3"; then echo "$3 $server $user"; return 0; fi
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.2
  done
  kill "$server"
  return 1
}

start() {  # KIND FOLDER [PORT]
  mkdir -p "$2/files"
  "configure_$(echo "$1" | tr - _)" "$2"
  if [ -n "${3:-}" ]; then
    launch "$1" "$2" "$3" || fail "the $1 server did not start: $(tail -n 2 "$2"/server.log "$2"/server.out 2>/dev/null)"
    return
  fi
  for attempt in 1 2 3 4 5; do  # another program may take the port between asking and binding
    if launch "$1" "$2" "$(free_port)"; then return; fi
  done
  fail "the $1 server did not start: $(tail -n 2 "$2"/server.log "$2"/server.out 2>/dev/null)"
}

if [ "${1:-}" = clean ]; then
  for place in /tmp/pam.?; do  # of pam_wrapper; each process of the server has one, with its number
    if [ -f "$place/pid" ] && [ -f "$place/sshd" ] && [ ! -d "/proc/$(cat "$place/pid")" ]; then rm -rf "$place"; fi
  done
  exit 0
fi
case "${2:-}" in
  sftp | sftp-password | sftp-questions | sftp-key-password | sftp-key-questions | sftp-password-key)
    user=$(id -un)
    program sshd openssh-server >/dev/null
    program ssh-keygen openssh-client >/dev/null
    if [ "$2" != sftp ]; then user=courier; library libnss_wrapper.so libnss-wrapper >/dev/null; fi
    if [ "${2%questions}" != "$2" ]; then library libpam_wrapper.so libpam-wrapper >/dev/null; fi
    ;;
  ftp | old-ftp) user=ftp; program vsftpd vsftpd >/dev/null ;;
  *) fail "$usage" ;;
esac
case "$1" in
  start) start "$2" "$3" "${4:-}" ;;
  again) launch "$2" "$3" "$4" || fail "the $2 server did not start again" ;;
  *) fail "$usage" ;;
esac
