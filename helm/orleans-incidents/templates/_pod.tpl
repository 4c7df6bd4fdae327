{{/* The same for every pod of this chart: no root, no host, no token of the cluster's API. */}}
{{- define "incidents.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  {{- with .Values.securityContext.runAsUser }}
  runAsUser: {{ int64 . }}
  {{- end }}
  {{- with .Values.securityContext.runAsGroup }}
  runAsGroup: {{ int64 . }}
  {{- end }}
  {{- with .Values.securityContext.fsGroup }}
  fsGroup: {{ int64 . }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{- define "incidents.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* What the configuration file refers to by env: */}}
{{- define "incidents.secretEnv" -}}
{{- with .Values.secretEnv }}
envFrom:
  {{- range . }}
  - secretRef:
      name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The configuration file, and what it refers to by file: */}}
{{- define "incidents.configMounts" -}}
{{- if include "incidents.hasConfig" . }}
- name: config
  mountPath: /etc/incidents
  readOnly: true
{{- end }}
{{- range .Values.secretFiles }}
- name: secret-{{ . }}
  mountPath: /run/secrets/incidents/{{ . }}
  readOnly: true
{{- end }}
- name: tmp
  mountPath: /tmp
{{- end -}}

{{/* Given the context and the ConfigMap's name. */}}
{{- define "incidents.configVolumes" -}}
{{- $root := .context -}}
{{- if include "incidents.hasConfig" $root }}
- name: config
  configMap:
    name: {{ .configMap }}
{{- end }}
{{- range $root.Values.secretFiles }}
- name: secret-{{ . }}
  secret:
    secretName: {{ . }}
    defaultMode: 288 # 0440
{{- end }}
- name: tmp
  emptyDir:
    sizeLimit: {{ $root.Values.tmp.sizeLimit }}
{{- end -}}

{{/* The command line of the server. */}}
{{- define "incidents.args" -}}
- serve
- --postgres
- env:INCIDENTS_POSTGRES
- --data
- /data
- --urls
{{- if .Values.tls.existingSecret }}
- https://*:5080
{{- else }}
- http://*:5080
- --behind-proxy
{{- end }}
{{- if eq .Values.mode "cluster" }}
- --cluster
- --silo-port
- {{ int .Values.cluster.siloPort | quote }}
- --gateway-port
- {{ int .Values.cluster.gatewayPort | quote }}
{{- end }}
{{- if include "incidents.hasConfig" . }}
- --config
- /etc/incidents/incidents.yaml
{{- end }}
- --matchers
- {{ .Values.server.matchers }}
- --metrics
- {{ .Values.server.metrics | quote }}
- --max-body-bytes
- {{ int64 .Values.server.maxBodyBytes | quote }}
- --shutdown-timeout
- {{ int .Values.shutdown.drainSeconds }}s
- --log-format
- {{ .Values.server.logFormat }}
- --log-level
- {{ .Values.server.logLevel }}
{{- with .Values.server.otlpEndpoint }}
- --otlp-endpoint
- {{ . | quote }}
- --trace-ratio
- {{ $.Values.server.traceRatio | quote }}
{{- end }}
{{- end -}}

{{- define "incidents.env" -}}
- name: INCIDENTS_POSTGRES
  valueFrom:
    secretKeyRef:
      name: {{ required "postgres.existingSecret: name the Secret that holds the connection to PostgreSQL" .Values.postgres.existingSecret }}
      key: {{ .Values.postgres.key }}
{{- with .Values.adminToken.existingSecret }}
- name: INCIDENTS_ADMIN_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.adminToken.key }}
{{- end }}
{{- if eq .Values.mode "cluster" }}
- name: INCIDENTS_ADVERTISE
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: Kestrel__Certificates__Default__Path
  value: /etc/incidents-tls/tls.crt
- name: Kestrel__Certificates__Default__KeyPath
  value: /etc/incidents-tls/tls.key
{{- end }}
# Its pipes and dumps are for a person at the machine.
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
