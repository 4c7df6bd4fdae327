{{- define "incidents.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 50 characters, so that what is added to it still fits a name. */}}
{{- define "incidents.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "incidents.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "incidents.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels of everything that this chart makes. */}}
{{- define "incidents.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "incidents.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* What finds the server's pods and nothing else: the check of the configuration is a pod of this release too. */}}
{{- define "incidents.selector" -}}
app.kubernetes.io/name: {{ include "incidents.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "incidents.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "incidents.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "incidents.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "incidents.hasConfig" -}}
{{- if or .Values.config.text .Values.config.existingConfigMap -}}true{{- end -}}
{{- end -}}

{{- define "incidents.scheme" -}}
{{- ternary "HTTPS" "HTTP" (not (empty .Values.tls.existingSecret)) -}}
{{- end -}}

{{/* What the schema cannot say: values that only make sense together. */}}
{{- define "incidents.check" -}}
{{- $least := add (int .Values.shutdown.waitSeconds) (int .Values.shutdown.drainSeconds) 15 -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $least) -}}
{{- fail (printf "terminationGracePeriodSeconds: %d is too short: shutdown.waitSeconds + shutdown.drainSeconds + 15 is %d, and what is killed before its end drains nothing" (int .Values.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- if and .Values.config.text .Values.config.existingConfigMap -}}
{{- fail "config: give either text or existingConfigMap" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (ne .Values.mode "cluster") -}}
{{- fail "autoscaling.enabled: needs mode: cluster; in standby mode one pod serves however many there are" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling: minReplicas is over maxReplicas" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (eq .Values.server.metrics "off") -}}
{{- fail "serviceMonitor.enabled: server.metrics is off, so there is nothing to scrape" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (eq .Values.server.metrics "token") (not .Values.serviceMonitor.tokenSecret) -}}
{{- fail "serviceMonitor.tokenSecret: server.metrics is token, so the scrape needs one" -}}
{{- end -}}
{{- end -}}
