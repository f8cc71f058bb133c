from django.urls import path

from backend.joining import api, invitations, mergers, profiles

urlpatterns = [
    path("join", api.Join.as_view(), name="join"),
    path("join/code", api.CodeCheck.as_view(), name="join-code"),
    path("join/alike", api.NamesAlike.as_view(), name="join-alike"),
    path("registrations", profiles.RegistrationList.as_view(), name="registrations"),
    path("parties/<int:pk>/profile", profiles.Profile.as_view(), name="profile"),
    path("parties/<int:pk>/decision", profiles.RegistrationDecision.as_view(), name="registration-decision"),
    path("parties/<int:pk>/capabilities", profiles.Capabilities.as_view(), name="capabilities"),
    path("parties/<int:pk>/capacities", profiles.Capacities.as_view(), name="capacities"),
    path("parties/<int:pk>/contacts", profiles.Contacts.as_view(), name="contacts"),
    path("parties/<int:pk>/invitations", invitations.InvitationList.as_view(), name="invitations"),
    path("parties/<int:pk>/merger", mergers.Merger.as_view(), name="merger"),
    path("invitations/<int:pk>/withdrawal", invitations.InvitationWithdrawal.as_view(), name="invitation-withdrawal"),
    path("invitations/look", invitations.InvitationLook.as_view(), name="invitation-look"),
    path("invitations/accept", invitations.InvitationAcceptance.as_view(), name="invitation-acceptance"),
    path("parties/<int:pk>/events", profiles.ProfileEvents.as_view(), name="profile-events"),
]
