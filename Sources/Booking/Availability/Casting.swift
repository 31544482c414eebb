/// Who can play which part at one start. Parties are indices; a party plays one part at most.
///
/// One of those chosen for the first pool must have the start on its own grid, and everyone
/// required must be chosen.
struct Casting {
    /// How many members each pool needs.
    let needs: [Int]
    /// Whether some party is a member of two pools.
    let poolsShareMembers: Bool
    let required: [Int]
    /// Who is open and free, by pool; the most preferred first.
    var eligible: [[Int]]
    /// By index of party: whether a member of the first pool has this start on its grid.
    var isOnGrid: [Bool]

    /// Puts those with the lowest `load` (by index of party) first, then those with the lowest id.
    mutating func prefer(lowest load: [Int64]) {
        eligible = eligible.map { members in members.sorted { (load[$0], $0) < (load[$1], $1) } }
    }

    /// One choice for every pool, or nil when there is none. It is the same for the same input,
    /// and takes the most preferred where pools do not compete.
    func choice() -> [[Int]]? { choice(requiring: required) }

    /// Everyone who appears in at least one possible choice, in no particular order; nil when there
    /// is none. Each of them could be required in addition, one at a time.
    func candidates() -> [Int]? {
        for pool in needs.indices where eligible[pool].count < needs[pool] { return nil }
        if !poolsShareMembers { return candidatesOfSeparatePools() }
        guard choice() != nil else { return nil }
        return Set(eligible.joined()).filter { choice(requiring: required + [$0]) != nil }
    }

    /// Counting is enough when no party is in two pools.
    private func candidatesOfSeparatePools() -> [Int]? {
        var found: [Int] = []
        var unplaced = required.count
        for (pool, members) in eligible.enumerated() {
            let fixed = required.isEmpty ? [] : members.filter(required.contains)
            let free = needs[pool] - fixed.count
            guard free >= 0 else { return nil }
            unplaced -= fixed.count
            if pool > 0 || fixed.contains(where: { isOnGrid[$0] }) {
                found += free == 0 ? fixed : members
                continue
            }
            let onTime = members.filter { isOnGrid[$0] }
            guard free > 0, !onTime.isEmpty else { return nil }
            // The last free part in the first pool must go to someone whose grid has this start.
            found += free > 1 ? members : fixed + onTime
        }
        return unplaced == 0 ? found : nil
    }

    // MARK: One choice

    private func choice(requiring required: [Int]) -> [[Int]]? {
        var chosen: [[Int]] = needs.map { _ in [] }
        return place(required[...], &chosen) ? chosen : nil
    }

    /// Tries every pool for each of the required, then fills the rest.
    private func place(_ rest: ArraySlice<Int>, _ chosen: inout [[Int]]) -> Bool {
        guard let party = rest.first else { return placeOnGrid(&chosen) }
        if chosen.contains(where: { $0.contains(party) }) {
            return place(rest.dropFirst(), &chosen)
        }
        for pool in eligible.indices
        where chosen[pool].count < needs[pool] && eligible[pool].contains(party) {
            chosen[pool].append(party)
            if place(rest.dropFirst(), &chosen) { return true }
            chosen[pool].removeLast()
        }
        return false
    }

    private func placeOnGrid(_ chosen: inout [[Int]]) -> Bool {
        if chosen[0].contains(where: { isOnGrid[$0] }) { return fill(&chosen) }
        guard chosen[0].count < needs[0] else { return false }
        for party in eligible[0]
        where isOnGrid[party] && !chosen.contains(where: { $0.contains(party) }) {
            chosen[0].append(party)
            if fill(&chosen) { return true }
            chosen[0].removeLast()
        }
        return false
    }

    /// Fills the open parts by augmenting paths (bipartite matching), leaving those placed.
    private func fill(_ chosen: inout [[Int]]) -> Bool {
        let placed = Set(chosen.joined())
        var parts: [Int] = []
        for pool in needs.indices {
            parts += Array(repeating: pool, count: needs[pool] - chosen[pool].count)
        }
        var partOf: [Int: Int] = [:]
        func assign(_ part: Int, _ tried: inout Set<Int>) -> Bool {
            for party in eligible[parts[part]]
            where !placed.contains(party) && tried.insert(party).inserted {
                if let holder = partOf[party], !assign(holder, &tried) { continue }
                partOf[party] = part
                return true
            }
            return false
        }
        for part in parts.indices {
            var tried: Set<Int> = []
            guard assign(part, &tried) else { return false }
        }
        for pool in needs.indices {
            for party in eligible[pool] {
                if let part = partOf[party], parts[part] == pool { chosen[pool].append(party) }
            }
        }
        return true
    }
}
