import { Box } from 'ink';
import { type HostRows, hostLines } from './host-lines.ts';
import { Line } from './Line.tsx';

/** What happens on each host now. */
export function HostPanel(props: HostRows) {
  return (
    <Box flexDirection="column">
      {hostLines(props).map((text, row) => (
        <Line key={row} text={text} theme={props.theme} />
      ))}
    </Box>
  );
}
