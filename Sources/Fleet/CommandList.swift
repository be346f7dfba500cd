package import Model
internal import Text

/// A fleet for engines that take a line for each node: GNU parallel, pdsh, PBS, Ansible.
package struct CommandList {
  /// `NODE<tab>COMMAND`, a line for each node, the command as a POSIX shell reads it.
  package let commands: String
  /// An Ansible inventory: each host with its challenge.
  package let inventory: String

  package init(_ schedule: FleetSchedule, _ attempts: [(node: FleetNode, attempt: Int)]) {
    commands = attempts.map { item in
      let words = schedule.command(of: item.node, attempt: item.attempt)
      return "\(item.node.name)\t\(ShellText.words(words))\n"
    }.joined()
    inventory =
      "[hashwatt]\n"
      + attempts.map { item in
        let challenge = schedule.plan.challenge(of: item.node.name, attempt: item.attempt)
        return "\(item.node.name) hashwatt_challenge=\(Hexadecimal.encode(challenge.bytes))\n"
      }.joined()
  }
}
