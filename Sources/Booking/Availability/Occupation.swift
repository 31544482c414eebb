import Kernel

/// A stretch of an appointment during which one party is occupied, relative to the start of the
/// appointment, in milliseconds.
struct Occupation: Equatable {
    /// The work itself.
    var work: Span
    /// The work with its buffers.
    var buffered: Span
}

extension ServicePlan {
    /// When the members chosen from this pool are occupied: neighbouring segments are one
    /// stretch, the first begins early by the buffer before, the last ends late by the one after.
    func occupations(of pool: String) -> [Occupation] {
        var stretches: [Span] = []
        var minute: Int64 = 0
        for segment in segments.isEmpty ? [wholeDuration] : segments {
            let span = Span(
                start: minute * 60_000, end: (minute + Int64(segment.minutes)) * 60_000)
            if segment.occupies.contains(pool) { stretches.append(span) }
            minute += Int64(segment.minutes)
        }
        var occupations = Spans.joined(stretches).map { Occupation(work: $0, buffered: $0) }
        guard !occupations.isEmpty else { return [] }
        occupations[0].buffered.start -= Int64(bufferBeforeMinutes) * 60_000
        occupations[occupations.count - 1].buffered.end += Int64(bufferAfterMinutes) * 60_000
        return occupations
    }

    private var wholeDuration: Segment {
        Segment(minutes: durationMinutes, occupies: requires.map(\.pool))
    }

    /// How far an appointment that starts at 0 can reach, buffers included.
    var reach: Span {
        let minutes = max(durationMinutes, segments.reduce(0) { $0 + $1.minutes })
        return Span(
            start: -Int64(bufferBeforeMinutes) * 60_000,
            end: Int64(minutes + bufferAfterMinutes) * 60_000)
    }
}

/// What one party's day looks like to the search.
struct Timeline {
    /// Opening, with windows that touch joined.
    var open: [Span]
    /// Everything that occupies it, sorted, disjoint.
    var busy: [Span]

    /// The starts at which a party with these occupations is open and free.
    func starts(for occupations: [Occupation], buffersInsideHours: Bool) -> [Span] {
        var starts = [Span.everything]
        for occupation in occupations {
            let needed = buffersInsideHours ? occupation.buffered : occupation.work
            // Open from `needed.start` to `needed.end` after the start, both edges allowed.
            let whileOpen = open.compactMap { window -> Span? in
                let first = shifted(window.start, by: -needed.start)
                let last = shifted(window.end, by: 1 - needed.end)
                return first < last ? Span(start: first, end: last) : nil
            }
            // A start collides when the buffered range and a busy one share any time.
            let collisions = busy.map { taken in
                Span(
                    start: taken.start - occupation.buffered.end + 1,
                    end: taken.end - occupation.buffered.start)
            }
            starts = Spans.intersection(
                starts, Spans.subtracting(collisions, from: whileOpen))
        }
        return starts
    }

    private func shifted(_ edge: Int64, by amount: Int64) -> Int64 {
        edge == .min || edge == .max ? edge : edge + amount
    }
}
