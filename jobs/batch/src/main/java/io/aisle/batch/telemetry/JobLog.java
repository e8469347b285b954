package io.aisle.batch.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run tells its user: lines of text, or one JSON object a line with time (UTC), level, job, application, step and message. Text
 * until the command line has been read. Lines of several threads do not mix.
 */
public final class JobLog {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;
    private LogFormat format = LogFormat.TEXT;
    private final Map<String, String> origin = new LinkedHashMap<>();

    public JobLog(PrintStream out, PrintStream err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /** The format from here on, and the name of the job. */
    public synchronized void begin(LogFormat chosen, String job) {
        format = chosen;
        origin.put("job", job);
    }

    /** The application's id, which names the run in the cluster and its event log. */
    public synchronized void application(String id) {
        origin.put("application", id);
    }

    public synchronized void step(String name) {
        origin.put("step", name);
    }

    public void say(String message) {
        line(out, "INFO", message, Map.of());
    }

    public void say(TextTable table) {
        line(out, "INFO", table.toString(), Map.of("table", table.asMaps()));
    }

    /** A line with the numbers that it tells, which only JSON shows apart. */
    public void say(String message, Map<String, ?> numbers) {
        line(out, "INFO", message, numbers);
    }

    public void error(String message) {
        line(err, "ERROR", message, Map.of());
    }

    /** With the stack trace. */
    public void error(String message, Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        if (isJson()) {
            line(err, "ERROR", message, Map.of("exception", trace.toString()));
        } else {
            line(err, "ERROR", message + "\n" + trace.toString().stripTrailing(), Map.of());
        }
    }

    private synchronized boolean isJson() {
        return format == LogFormat.JSON;
    }

    private synchronized void line(PrintStream stream, String level, String message, Map<String, ?> fields) {
        stream.print((format == LogFormat.JSON ? json(level, message, fields) : message) + "\n");
        stream.flush();
    }

    private String json(String level, String message, Map<String, ?> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", level);
        line.putAll(origin);
        line.put("message", message.strip());
        line.putAll(fields);
        try {
            return MAPPER.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a line of the log", e);
        }
    }
}
