from django.urls import path

from backend.projects import allocation_api, api, assets_api

urlpatterns = [
    path("allocation", allocation_api.AllocationProposal.as_view(), name="allocation"),
    path("earmarks", allocation_api.Earmarks.as_view(), name="earmarks"),
    path("projects", api.ProjectList.as_view(), name="projects"),
    path("projects/<int:pk>", api.ProjectDetail.as_view(), name="project"),
    path("projects/<int:pk>/consent", api.ProjectConsent.as_view(), name="project-consent"),
    path("projects/<int:pk>/decision", api.ProjectDecision.as_view(), name="project-decision"),
    path("projects/<int:pk>/result", api.ProjectResult.as_view(), name="project-result"),
    path("projects/<int:pk>/closing", api.ProjectClosing.as_view(), name="project-closing"),
    path("projects/<int:pk>/allotments", api.ProjectAllotments.as_view(), name="project-allotments"),
    path("projects/<int:pk>/spendings", api.ProjectSpendings.as_view(), name="project-spendings"),
    path("projects/<int:pk>/free-money", api.ProjectFreeMoney.as_view(), name="project-free-money"),
    path("projects/<int:pk>/files", api.ProjectFiles.as_view(), name="project-files"),
    path("project-files/<int:pk>", api.ProjectFileContent.as_view(), name="project-file"),
    path("milestones/<int:pk>/reached", api.MilestoneReached.as_view(), name="milestone-reached"),
    path("assets", assets_api.AssetList.as_view(), name="assets"),
    path("assets/<int:pk>/correction", assets_api.AssetCorrection.as_view(), name="asset-correction"),
]
