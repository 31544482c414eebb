extension PortalRoutes {
 func addSchedule(to group: PortalGroup) {}
 func addInquiries(to group: PortalGroup) {}
 func addResources(to group: PortalGroup) {}
 func addMembers(to group: PortalGroup) {}
 func addWidget(to group: PortalGroup) {}
}
