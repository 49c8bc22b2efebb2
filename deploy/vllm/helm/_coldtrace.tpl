{{- /* The environment and the command of a vLLM container whose own spans join coldtrace's trace. */ -}}
{{- define "coldtrace.vllmCommand" -}}
- /bin/sh
- -c
- |
  n=$(cat "${COLDTRACE_RUNS:=/run/coldtrace/runs}" 2>/dev/null); case $n in ''|*[!0-9]*) n=0;; esac
  { echo "$((n + 1))" >"$COLDTRACE_RUNS"; } 2>/dev/null
  export TRACEPARENT="00-$(printf %s "$POD_UID" | md5sum | cut -c-32)-$(printf '%s\0%s\0%s\0%s\0%s\0%s' "$POD_UID" "$CONTAINER_NAME" "$n" 0 vllm_init 0 | md5sum | cut -c-16)-01"
  exec vllm serve "$@" --otlp-traces-endpoint "$OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
- vllm
{{- end }}

{{- define "coldtrace.vllmEnv" -}}
- name: POD_UID
  valueFrom:
    fieldRef:
      fieldPath: metadata.uid
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
- name: CONTAINER_NAME
  value: {{ .Values.coldtrace.containerName | quote }}
- name: OTEL_SERVICE_NAME
  value: {{ .Values.coldtrace.serviceName | quote }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.pod.uid=$(POD_UID),k8s.pod.name=$(POD_NAME),k8s.namespace.name=$(POD_NAMESPACE),k8s.node.name=$(NODE_NAME),k8s.container.name=$(CONTAINER_NAME)
- name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  value: {{ .Values.coldtrace.otlpTracesEndpoint | quote }}
- name: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL
  value: {{ .Values.coldtrace.otlpTracesProtocol | quote }}
- name: GPU_TYPE
  value: {{ .Values.coldtrace.gpuType | quote }}
- name: AWS_REGION
  value: {{ .Values.coldtrace.region | quote }}
{{- end }}

{{- define "coldtrace.vllmVolumeMounts" -}}
- name: coldtrace
  mountPath: /run/coldtrace
{{- end }}

{{- define "coldtrace.vllmVolumes" -}}
- name: coldtrace
  emptyDir:
    sizeLimit: 1Mi
{{- end }}
