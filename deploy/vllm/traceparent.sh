# The line of shell that starts vLLM under coldtrace's own span: deploy/vllm/patch.yaml and the Helm template hold the same.
#
# trace id  = md5 of the pod uid; parent = the id of this container's vllm_init, as docs/native-spans.md says.
# The restart count is not in the downward API: an emptyDir outlives the container and counts its runs.
# md5sum and cut are in every image that has coreutils or busybox.
n=$(cat "${COLDTRACE_RUNS:=/run/coldtrace/runs}" 2>/dev/null); case $n in ''|*[!0-9]*) n=0;; esac
{ echo "$((n + 1))" >"$COLDTRACE_RUNS"; } 2>/dev/null
export TRACEPARENT="00-$(printf %s "$POD_UID" | md5sum | cut -c-32)-$(printf '%s\0%s\0%s\0%s\0%s\0%s' "$POD_UID" "$CONTAINER_NAME" "$n" 0 vllm_init 0 | md5sum | cut -c-16)-01"
exec vllm serve "$@" --otlp-traces-endpoint "$OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
