/// Which program this is.
package enum Build {
    package static let version = "0.2.0-dev"
}
