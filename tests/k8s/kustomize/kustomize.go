//go:build pinned

// Pins kustomize, with go.mod and go.sum; it is built, and nothing of this file.
package pinned

import _ "sigs.k8s.io/kustomize/kustomize/v5"
