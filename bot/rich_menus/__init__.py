"""Rich menus on LINE: drawn, uploaded, and kept in step with what ``messages_th.rich_menus`` says."""
