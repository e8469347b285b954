package io.aisle.core.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.aisle.core.UserException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The resolved settings of one run. Where the same key is set twice, the later of this list wins:
 *
 * <ol>
 *   <li>{@code reference.conf}, which documents every key and holds every default
 *   <li>{@code --conf FILE}, in the order given
 *   <li>{@code --set key=value}
 *   <li>a named option
 * </ol>
 *
 * <p>Reading collects problems instead of throwing at the first: read everything, then call {@link #check}.
 */
public final class Settings {
    private static final Config REFERENCE = ConfigFactory.parseResources(Settings.class, "reference.conf");
    private static final Pattern SECRET = Pattern.compile("(^|.*-)(password|secret|token|access-key|api-key)");
    private static final Pattern CREDENTIALS_IN_URI = Pattern.compile("//[^/@\\s]+@");

    private final Config config;
    private final List<String> problems = new ArrayList<>();

    private Settings(Config config) {
        this.config = config;
    }

    /** The defaults, overlaid by the layers given, weakest first. Unknown keys become problems. */
    public static Settings overlaid(List<Config> layers) {
        Config config = REFERENCE;
        List<String> unknown = new ArrayList<>();
        for (Config layer : layers) {
            for (String key : keys(layer)) {
                if (!isKnown(key)) {
                    unknown.add("unknown key " + key + Suggestion.of(key, keys(REFERENCE)));
                }
            }
            config = layer.withFallback(config);
        }
        Settings settings = new Settings(config);
        settings.problems.addAll(unknown);
        return settings;
    }

    /** Reads a HOCON overlay. */
    public static Config file(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "Cannot read settings from " + file + ": found no such file, expected a HOCON file.");
        }
        try {
            return ConfigFactory.parseFile(file.toFile());
        } catch (ConfigException e) {
            throw new UserException("Cannot read settings from " + file + ": " + e.getMessage(), e);
        }
    }

    /** One {@code key=value} of {@code --set}; the value is HOCON, or a plain text where it is none. */
    public static Config assignment(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UsageException("Cannot read --set " + assignment + ": found no '=', expected key=value.");
        }
        String key = assignment.substring(0, equals).strip();
        String value = assignment.substring(equals + 1).strip();
        try {
            return ConfigFactory.parseString(key + " = " + value);
        } catch (ConfigException notHocon) {
            return value(key, value);
        }
    }

    /** A layer of one key. */
    static Config value(String key, Object value) {
        return ConfigValueFactory.fromAnyRef(value).atPath(key);
    }

    private static boolean isKnown(String key) {
        if (REFERENCE.hasPathOrNull(key)) {
            return true;
        }
        // below a key whose default is an empty object everything is allowed: a map that users fill
        List<String> path = ConfigUtil.splitPath(key);
        for (int depth = path.size() - 1; depth > 0; depth--) {
            String parent = ConfigUtil.joinPath(path.subList(0, depth));
            if (REFERENCE.hasPath(parent)) {
                ConfigValue value = REFERENCE.getValue(parent);
                return value.valueType() == ConfigValueType.OBJECT
                        && REFERENCE.getObject(parent).isEmpty();
            }
        }
        return false;
    }

    private static Set<String> keys(Config config) {
        Set<String> keys = new TreeSet<>();
        collectKeys("", config.root(), keys);
        return keys;
    }

    private static void collectKeys(String prefix, Map<String, ConfigValue> object, Set<String> keys) {
        object.forEach((name, value) -> {
            String key = prefix + ConfigUtil.joinPath(name);
            if (value.valueType() == ConfigValueType.OBJECT && !((Map<?, ?>) value.unwrapped()).isEmpty()) {
                collectKeys(key + ".", (com.typesafe.config.ConfigObject) value, keys);
            } else {
                keys.add(key);
            }
        });
    }

    /** Whether a key has a value; the default of many keys is null. */
    public boolean has(String key) {
        return config.hasPath(key);
    }

    public String text(String key) {
        return read(key, config::getString, "");
    }

    public Optional<String> optionalText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    public boolean flag(String key) {
        return read(key, config::getBoolean, false);
    }

    /** A whole number within bounds, both included. */
    public int integer(String key, int min, int max) {
        return Math.toIntExact(wholeNumber(key, min, max));
    }

    /** A whole number within bounds, both included. */
    public long wholeNumber(String key, long min, long max) {
        long value = read(key, config::getLong, min);
        if (value < min || value > max) {
            problem(key, Long.toString(value), "a whole number from " + min + " to " + max);
            return min;
        }
        return value;
    }

    /** A number within bounds, both included. */
    public double number(String key, double min, double max) {
        double value = read(key, config::getDouble, min);
        if (!(value >= min && value <= max)) {
            problem(key, Double.toString(value), "a number from " + min + " to " + max);
            return min;
        }
        return value;
    }

    /** A number exactly as written: 0.07 is 7/100, not the nearest double. */
    public BigDecimal decimal(String key, BigDecimal min, BigDecimal max) {
        BigDecimal value = read(key, name -> new BigDecimal(config.getString(name)), min);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            problem(key, value.toPlainString(), "a number from " + min.toPlainString() + " to " + max.toPlainString());
            return min;
        }
        return value;
    }

    public List<String> texts(String key) {
        return read(key, config::getStringList, List.of());
    }

    public List<BigDecimal> decimals(String key) {
        return read(
                key,
                name -> config.getStringList(name).stream().map(BigDecimal::new).toList(),
                List.of());
    }

    public Map<String, String> textMap(String key) {
        Map<String, String> map = new TreeMap<>();
        read(key, config::getObject, ConfigFactory.empty().root())
                .forEach((name, value) -> map.put(name, String.valueOf(value.unwrapped())));
        return map;
    }

    /** One of the names of an enum, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        String given = text(key);
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = choiceName(constant);
            if (name.equals(given)) {
                return constant;
            }
            names.add(name);
        }
        problem(key, given, "one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    /** How a choice is written in settings: {@code SPARK_NLP} is {@code spark-nlp}. */
    public static String choiceName(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private <T> T read(String key, Function<String, T> reader, T instead) {
        try {
            return reader.apply(key);
        } catch (ConfigException.Missing missing) {
            problems.add(key + ": found nothing, expected a value");
        } catch (ConfigException.WrongType | ConfigException.BadValue | NumberFormatException wrong) {
            problem(
                    key,
                    config.getValue(key).render(ConfigRenderOptions.concise()),
                    instead instanceof Number ? "a number" : instead instanceof List ? "a list" : "another type");
        }
        return instead;
    }

    /** Notes a problem that a settings record found itself, such as two keys that contradict each other. */
    public void problem(String key, String found, String expected) {
        problems.add(key + ": found " + found + ", expected " + expected);
    }

    /** Throws once, with every problem found so far. */
    public void check() {
        if (!problems.isEmpty()) {
            throw new UserException(
                    "Cannot use the settings: found " + problems.size()
                            + (problems.size() == 1 ? " problem" : " problems") + "\n  - "
                            + String.join("\n  - ", problems)
                            + "\nEvery key, its meaning and its default stand in reference.conf; --dry-run prints what a run would use.");
        }
    }

    /** Every key with its resolved value, one a line, secrets hidden. */
    public List<String> resolved() {
        List<String> lines = new ArrayList<>();
        for (String key : keys(config)) {
            String leaf = key.substring(key.lastIndexOf('.') + 1);
            ConfigValue value = config.hasPath(key) ? config.getValue(key) : null;
            String rendered = value == null ? "(none)" : value.render(ConfigRenderOptions.concise());
            boolean isSecret = value != null && SECRET.matcher(leaf).matches();
            lines.add(key + " = "
                    + (isSecret
                            ? "(hidden)"
                            : CREDENTIALS_IN_URI.matcher(rendered).replaceAll("//(hidden)@")));
        }
        return lines;
    }
}
