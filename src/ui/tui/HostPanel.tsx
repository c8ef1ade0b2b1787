import { Box } from 'ink';
import { hostLines, type HostRows } from './host-lines.ts';
import { Line } from './Line.tsx';

/** What happens on each host now. */
export function HostPanel(props: HostRows) {
  return (
    <Box flexDirection="column">
      {hostLines(props).map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its own identity
        <Line key={row} text={text} theme={props.theme} />
      ))}
    </Box>
  );
}
