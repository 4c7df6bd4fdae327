// Renders a chart's templates where there is no helm program: Go's text/template and sprig, both of Debian, and the few functions and
// objects that Helm adds to them. It prints what `helm template` prints. It does not know dependencies, lookup or the values' schema.
//
//	render CHART RELEASE NAMESPACE [-f VALUES]... [-a API]... [-notes]
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type object = map[string]interface{}

// What the command line asks for.
type request struct {
	chart, release, namespace string
	values                    []string
	apis                      apiVersions
	notes                     bool
}

type apiVersions []string

// Has is .Capabilities.APIVersions.Has.
func (a apiVersions) Has(version string) bool {
	for _, known := range a {
		if known == version {
			return true
		}
	}
	return false
}

// The files of the chart that are no templates.
type files struct{ root string }

// Get is .Files.Get: a file that is not there is empty.
func (f files) Get(name string) string {
	content, err := os.ReadFile(filepath.Join(f.root, filepath.Clean("/"+name)))
	if err != nil {
		return ""
	}
	return string(content)
}

func main() {
	asked, err := parse(os.Args[1:])
	if err == nil {
		err = render(asked)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func parse(arguments []string) (request, error) {
	if len(arguments) < 3 {
		return request{}, fmt.Errorf("usage: render CHART RELEASE NAMESPACE [-f VALUES]... [-a API]... [-notes]")
	}
	asked := request{chart: arguments[0], release: arguments[1], namespace: arguments[2]}
	for rest := arguments[3:]; len(rest) > 0; rest = rest[1:] {
		if rest[0] == "-notes" {
			asked.notes = true
			continue
		}
		if len(rest) < 2 || (rest[0] != "-f" && rest[0] != "-a") {
			return request{}, fmt.Errorf("unknown argument %s", rest[0])
		}
		if rest[0] == "-f" {
			asked.values = append(asked.values, rest[1])
		} else {
			asked.apis = append(asked.apis, rest[1])
		}
		rest = rest[1:]
	}
	return asked, nil
}

func render(asked request) error {
	about, err := readYaml(filepath.Join(asked.chart, "Chart.yaml"))
	if err != nil {
		return err
	}
	values, err := readYaml(filepath.Join(asked.chart, "values.yaml"))
	if err != nil {
		return err
	}
	for _, file := range asked.values {
		over, err := readYaml(file)
		if err != nil {
			return err
		}
		values = merge(values, over)
	}
	paths, err := filepath.Glob(filepath.Join(asked.chart, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(paths)
	return execute(asked, paths, object{
		"Values":       values,
		"Chart":        upperFirst(about),
		"Release":      object{"Name": asked.release, "Namespace": asked.namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Capabilities": object{"APIVersions": asked.apis, "KubeVersion": object{"Version": "v1.30.0", "Major": "1", "Minor": "30"}},
		"Files":        files{asked.chart},
	})
}

func execute(asked request, paths []string, given object) error {
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	name := func(path string) string {
		return filepath.Base(asked.chart) + "/templates/" + filepath.Base(path)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := root.New(name(path)).Parse(string(text)); err != nil {
			return err
		}
	}
	for _, path := range paths {
		base := filepath.Base(path)
		if strings.HasPrefix(base, "_") || (base == "NOTES.txt") != asked.notes {
			continue
		}
		given["Template"] = object{"Name": name(path), "BasePath": filepath.Base(asked.chart) + "/templates"}
		var out bytes.Buffer
		if err := root.ExecuteTemplate(&out, name(path), given); err != nil {
			return err
		}
		// Helm's word for what is absent.
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		if strings.TrimSpace(text) == "" {
			continue
		}
		if asked.notes {
			fmt.Println(text)
		} else {
			fmt.Printf("---\n# Source: %s\n%s\n", name(path), strings.TrimSpace(text))
		}
	}
	return nil
}

// Sprig's functions without those that read the environment, as Helm has them, and Helm's own.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		copied, err := root.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := copied.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if text, isText := value.(string); value == nil || (isText && text == "") {
			return nil, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	all["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(whole(value))
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	all["fromYaml"] = func(text string) (object, error) {
		var value object
		err := yaml.Unmarshal([]byte(text), &value)
		return value, err
	}
	return all
}

func readYaml(path string) (object, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	value := object{}
	if err := yaml.Unmarshal(content, &value); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return floats(value).(object), nil
}

// Helm reads values by way of JSON, where every number is a float: a template that forgets to say int prints 4.194304e+06.
func floats(value interface{}) interface{} {
	switch known := value.(type) {
	case int:
		return float64(known)
	case object:
		for key, inner := range known {
			known[key] = floats(inner)
		}
	case []interface{}:
		for i, inner := range known {
			known[i] = floats(inner)
		}
	}
	return value
}

// And writes whole numbers as such.
func whole(value interface{}) interface{} {
	switch known := value.(type) {
	case float64:
		if known == float64(int64(known)) {
			return int64(known)
		}
	case object:
		made := object{}
		for key, inner := range known {
			made[key] = whole(inner)
		}
		return made
	case []interface{}:
		made := make([]interface{}, len(known))
		for i, inner := range known {
			made[i] = whole(inner)
		}
		return made
	}
	return value
}

// Maps are laid over each other key by key, everything else replaces; null takes a key away.
func merge(below, above object) object {
	for key, value := range above {
		over, isMap := value.(object)
		under, wasMap := below[key].(object)
		switch {
		case value == nil:
			delete(below, key)
		case isMap && wasMap:
			below[key] = merge(under, over)
		default:
			below[key] = value
		}
	}
	return below
}

// Chart.yaml says appVersion; templates say .Chart.AppVersion.
func upperFirst(about object) object {
	made := object{}
	for key, value := range about {
		made[strings.ToUpper(key[:1])+key[1:]] = value
	}
	return made
}
