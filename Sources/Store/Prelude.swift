/// Something that must be known before the current task is told anything by the database: it looks
/// at the first transaction that the task opens, in the same snapshot, so that it costs no
/// transaction of its own.
///
/// `look` runs when the first answer is there and before the caller sees it; before the first
/// statement that changes rows. What it throws ends the transaction.
package protocol Prelude: Sendable {
    /// Whether it still has to look.
    var isOpen: Bool { get }
    func look(at tx: Transaction) throws
}
