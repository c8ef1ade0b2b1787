/** Where runs keep their files on a host, into `tunorch_home`: a folder for each network namespace, whose name is in `tunorch_netns`. */
export const FIND_HOME = 'tunorch_home=${tunorch_netns#*[}; tunorch_home=/run/tunorch/${tunorch_home%]}';
