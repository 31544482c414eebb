// swift-tools-version:6.2
import PackageDescription

// Three storeys over a small foundation; imports only go down and features never import
// each other. docs/ARCHITECTURE.md tells what each target is.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func product(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

let logging = product("Logging", "swift-log")
let crypto = product("Crypto", "swift-crypto")
let hummingbird = product("Hummingbird", "hummingbird")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let nioCore = product("NIOCore", "swift-nio")
let nioPosix = product("NIOPosix", "swift-nio")
let httpTypes = product("HTTPTypes", "swift-http-types")
let metrics = product("CoreMetrics", "swift-metrics")

func module(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// What every record, feature and place stands on.
let foundation: [Target.Dependency] = [
    "Kernel", "PhoneNumbers", "Store", "Work", "WebShell", hummingbird, httpTypes, nioCore, logging,
]

let records = ["Accounts", "Contacts", "Files", "Conversations", "Notices"]
let features = [
    "Booking", "Channels", "Guidance", "Inquiries", "Privacy", "Reports", "Webhooks", "Push",
]
let places = ["Desk", "Portal", "Control", "Site"]

func named(_ names: [String]) -> [Target.Dependency] { names.map { .byName(name: $0) } }

func test(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + [.byName(name: name)],
        swiftSettings: settings)
}

let package = Package(
    name: "autosecretary",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "autosecretary", targets: ["FrontOfficeCLI"]),
        .executable(name: "autosecretary-bench", targets: ["FrontOfficeBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
    ],
    targets: [
        // Foundation
        module("Kernel", on: []),
        .systemLibrary(
            name: "CLibical", pkgConfig: "libical", providers: [.apt(["libical-dev"])]),
        module("ICalendar", on: ["Kernel", "CLibical"]),
        .systemLibrary(
            name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        module(
            "Store",
            on: ["Kernel", "CLibpq", product("GRDB", "GRDB.swift"), nioPosix, logging, crypto]),
        // Debian's libphonenumber-dev, through plain C of ours.
        .target(name: "CPhoneNumbers", linkerSettings: [.linkedLibrary("phonenumber")]),
        module("PhoneNumbers", on: ["Kernel", "CPhoneNumbers"]),
        module("Work", on: ["Kernel", "Store", lifecycle, logging]),
        module("Live", on: ["Kernel", "Store", lifecycle, logging]),
        module("Vault", on: ["Kernel", crypto]),
        module(
            "Outbound",
            on: [
                "Kernel", product("AsyncHTTPClient", "async-http-client"), nioCore, nioPosix,
                product("NIOHTTP1", "swift-nio"), logging,
            ]),
        module(
            "WebShell",
            on: [
                "Kernel", "PhoneNumbers", "Store", "Live", hummingbird, httpTypes, nioCore,
                nioPosix, logging, crypto, metrics,
            ]),
        // Records
        module(
            "Accounts",
            on: foundation
                + ["Vault", crypto, product("CryptoExtras", "swift-crypto"), nioPosix]),
        module("Contacts", on: foundation + ["Accounts"]),
        module("Files", on: foundation + [crypto, nioPosix]),
        module(
            "Conversations",
            on: foundation + ["Accounts", "Contacts", "Files", "Outbound", "Live"]),
        module("Notices", on: foundation + ["Accounts", "Contacts", "Conversations", "Files"]),
        // Features
        module(
            "Booking",
            on: foundation + named(records) + ["ICalendar", "Outbound", "Vault", crypto]),
        module("Channels", on: foundation + named(records) + ["Live", "Outbound", crypto]),
        module("Guidance", on: foundation + named(records)),
        module("Inquiries", on: foundation + named(records)),
        module("Reports", on: foundation + named(records)),
        module("Privacy", on: foundation + ["Accounts", "Files"]),
        module("Push", on: foundation + named(records) + ["Outbound", "Vault", crypto]),
        module("Webhooks", on: foundation + named(records) + ["Outbound", "Vault", crypto]),
        // What several places show alike
        module("Planner", on: foundation + ["Accounts", "Contacts", "Booking"]),
        // Places
        module(
            "Desk", on: foundation + named(records) + named(features) + ["Live", "Planner"]),
        module(
            "Portal", on: foundation + named(records) + named(features) + ["Live", "Planner"]),
        module("Control", on: foundation + named(records) + named(features) + ["Live"]),
        module("Site", on: foundation + named(records) + named(features)),
        // The whole
        module(
            "FrontOffice",
            on: foundation + named(records) + named(features) + named(places)
                + ["Live", "Outbound", "Vault", lifecycle, crypto, metrics]
                + [product("UnixSignals", "swift-service-lifecycle")]),
        .executableTarget(
            name: "FrontOfficeCLI",
            dependencies: [
                "Kernel", "Store", "Accounts", "Files", "FrontOffice", hummingbird, logging,
                metrics,
                product("ArgumentParser", "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // What `make bench` puts beside the figures; not in the product.
        .executableTarget(
            name: "FrontOfficeBench",
            dependencies: [
                "Kernel", "Store", "Work", "WebShell", hummingbird, nioCore,
                product("ArgumentParser", "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // Tests
        module(
            "TestSupport",
            on: foundation + named(records) + named(features)
                + [
                    "FrontOffice", "Live", "Outbound",
                    product("HummingbirdTesting", "hummingbird"),
                    product("CustomDump", "swift-custom-dump"),
                ]),
        test("Kernel", on: []),
        test("PhoneNumbers", on: ["Kernel"]),
        test("ICalendar", on: ["Kernel"]),
        test("Store", on: ["Kernel", "Live", "TestSupport", lifecycle, logging]),
        test("Booking", on: ["Kernel", "TestSupport"]),
        test(
            "FrontOffice",
            on: [
                "Kernel", "Store", "Work", "WebShell", "Accounts", "Booking", "Conversations",
                "TestSupport", "Outbound", "Vault", "Webhooks", "Push", "Files", "Privacy", "Site",
                "Contacts", "PhoneNumbers", crypto,
                hummingbird, httpTypes, nioCore, lifecycle, logging, metrics,
                product("HummingbirdTesting", "hummingbird"),
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
