# shellcheck shell=bash
# What the scripts that call a cloud's command line share. Sourced, never run.

# shellcheck disable=SC2034 # used by the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
declare -A option=()    # what the command line says, by name without dashes
declare -a settings=()  # each --conf: KEY=VALUE of Spark
declare -a rest=()      # the words after --: the job and its options, or more options of the cloud's command
secret_key='secret|password|token|access[.]?key'
secret_uri='//[^/@[:space:]]+@'

# Ends with a message of the form: Cannot <verb> <thing>: found A, expected B. <remedy>
fail() {
  echo "$*" >&2
  exit 1
}

# Prints the comment at the top of the script.
usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
}

# Reads the command line. parse "REQUIRED NAMES" "OPTIONAL NAMES" "FLAGS" WORDS...
parse() {
  local required=$1 known=" $1 $2 " flags=" $3 dry-run " name missing=""
  shift 3
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    name=${1#--}
    if [ "$1" = --help ]; then
      usage
      exit 0
    elif [[ $1 == --?* && $flags == *" $name "* ]]; then
      option[$name]=true
    elif [[ $1 == --?* && $known == *" $name "* ]]; then
      [[ ${2---} != --* && -n $2 ]] || fail "Cannot read $1: found no value, expected one. See $0 --help."
      if [ "$name" = conf ]; then
        require_setting "$2"
        settings+=("$2")
      else
        option[$name]=$2
      fi
      shift
    else
      fail "Cannot read the command line: found $1, expected one of the options that $0 --help lists. A job goes after --."
    fi
    shift
  done
  for name in $required; do
    [ -n "${option[$name]-}" ] || missing+="${missing:+ and no }--$name"
  done
  [ -z "$missing" ] || fail "Cannot read the command line: found no $missing, expected a value for each. See $0 --help."
  rest=("${@:2}")
}

# Refuses what is no setting of Spark, and secrets, without printing them.
require_setting() {
  [[ $1 == spark.?*=* ]] \
    || fail "Cannot read --conf: found what is not spark.NAME=VALUE, expected a setting of Spark. Options of the job go after --."
  shopt -s nocasematch
  if [[ ${1%%=*} =~ $secret_key || $1 =~ $secret_uri ]]; then
    fail "Cannot pass ${1%%=*}: found a secret on the command line, expected none, as the service shows it to everyone who may" \
      "list its jobs. Give the cluster a role, or name a credential file (docs/s3.md)."
  fi
  shopt -u nocasematch
  [[ $1 != *[#$'\n']* ]] || fail "Cannot pass ${1%%=*}: found a # or a line break in its value, expected neither."
}

# Refuses a command line without a job, and a job's arguments with a secret.
require_job() {
  local number=0 word
  [[ ${rest[0]-} == [a-z]* ]] \
    || fail "Cannot submit a job: found none, expected its name and options after --, as in: -- classify --model … --input …"
  for word in "${rest[@]}"; do
    number=$((number + 1))
    [[ ${word//[$'\t\r\n']/} != *[[:cntrl:]]* ]] || fail "Cannot pass word $number of the job: found a control character, expected text."
    if [[ $word =~ $secret_uri ]]; then
      fail "Cannot pass word $number of the job: found a user or a password in a URI, expected none, as the service shows it to" \
        "everyone who may list its jobs. Give the cluster a role."
    fi
  done
}

# Refuses an option's value that does not begin as it has to. require_prefix NAME PREFIX
require_prefix() {
  [[ ${option[$1]} == "$2"?* ]] \
    || fail "Cannot use --$1: found ${option[$1]}, expected what begins with $2. See $0 --help."
  option[$1]=${option[$1]%/}
}

# Whether the job trains, or the doctor looks at one that does.
is_training() {
  case "${rest[*]} " in
    "train "* | "compare "* | "pretrain "* | "doctor train "* | "doctor compare "* | "doctor pretrain "*) return 0 ;;
    *) return 1 ;;
  esac
}

# The URIs of uploaded files, by comma. artifacts NAME...
artifacts() {
  join , "${@/#/${option[artifacts]}/}"
}

# The settings, one a line, by which YARN gives GPUs to executors, whose four tasks share one.
yarn_gpu_settings() {
  echo spark.executor.resource.gpu.amount=1
  echo spark.executor.resource.gpu.discoveryScript=./discover-gpus
  echo spark.executor.cores=4
  echo spark.task.resource.gpu.amount=0.25
}

# The words joined by the first.
join() {
  local separator=$1 joined=${2-}
  shift 2
  for word; do
    joined+=$separator$word
  done
  printf '%s' "$joined"
}

# A list for gcloud, which splits by commas unless another separator stands in front.
gcloud_list() {
  printf '^#^%s' "$(join '#' "$@")"
}

json_string() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

json_array() {
  local joined="" word
  for word; do
    joined+="${joined:+, }$(json_string "$word")"
  done
  printf '[%s]' "$joined"
}

# A word as a shell reads it.
quote() {
  if [[ $1 =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then
    printf '%s' "$1"
  else
    printf "'%s'" "${1//\'/\'\\\'\'}"
  fi
}

# Runs a command, or prints it where --dry-run was given, one option a line.
call() {
  local word line=""
  if [ -n "${option[dry-run]-}" ]; then
    for word; do
      [[ $word != --* ]] || line+=$'\\\n    '
      line+="$(quote "$word") "
    done
    printf '%s\n' "${line% }"
    return
  fi
  command -v "$1" >/dev/null \
    || fail "Cannot run $1: found no such command, expected the cloud's command line. Install it; --dry-run needs none."
  "$@"
}
