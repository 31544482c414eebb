extension PortalRoutes {
 func addSchedule(to group: PortalGroup) {}
 func addInquiries(to group: PortalGroup) {}
}
