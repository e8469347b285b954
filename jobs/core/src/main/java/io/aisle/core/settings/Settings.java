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
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    private static final Pattern HOCON = Pattern.compile("^[\\[{\"]|\\$\\{|^null$");

    private final Config config;
    // by key, so that what follows from a key's first problem is not reported as another
    private final Map<String, String> problems = new LinkedHashMap<>();

    private Settings(Config config) {
        this.config = config;
    }

    /** The defaults, overlaid by the layers given, weakest first. Unknown keys become problems. */
    public static Settings overlaid(List<Config> layers) {
        Config config = REFERENCE;
        Map<String, String> unusable = new LinkedHashMap<>();
        for (Config layer : layers) {
            Config usable = layer;
            for (String key : keys(layer)) {
                if (isSection(key) && !isObject(layer, key)) {
                    unusable.put(key, key + ": found a value, expected keys below it");
                    usable = usable.withoutPath(key);
                } else if (!isKnown(key)) {
                    unusable.put(key, "unknown key " + key + Suggestion.of(key, keys(REFERENCE)));
                }
            }
            config = usable.withFallback(config);
        }
        Settings settings = new Settings(config);
        settings.problems.putAll(unusable);
        return settings;
    }

    /** Reads a HOCON overlay; {@code ${NAME}} in it is another of its keys, or an environment variable. */
    public static Config file(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "Cannot read settings from " + file + ": found no such file, expected a HOCON file.");
        }
        try {
            return ConfigFactory.parseFile(file.toFile()).resolve();
        } catch (ConfigException e) {
            throw new UserException("Cannot read settings from " + file + ": " + e.getMessage(), e);
        }
    }

    /** One {@code key=value} of {@code --set}; a list, object, quoted text, null or <code>${NAME}</code> is HOCON, all else is text. */
    public static Config assignment(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UsageException("Cannot read --set " + assignment + ": found no '=', expected key=value.");
        }
        String key = assignment.substring(0, equals).strip();
        String value = assignment.substring(equals + 1).strip();
        if (!HOCON.matcher(value).find()) {
            // not parsed: // and # in a path would begin a comment
            return value(key, value);
        }
        try {
            return ConfigFactory.parseString(key + " = " + value).resolve();
        } catch (ConfigException e) {
            throw new UsageException("Cannot read --set " + assignment + ": " + e.getMessage());
        }
    }

    /** A layer of one key. */
    static Config value(String key, Object value) {
        try {
            return ConfigValueFactory.fromAnyRef(value).atPath(key);
        } catch (ConfigException.BadPath e) {
            throw new UsageException("Cannot set " + key + ": " + e.getMessage());
        }
    }

    /** Whether a key only groups others. */
    private static boolean isSection(String key) {
        return isObject(REFERENCE, key) && !REFERENCE.getObject(key).isEmpty();
    }

    private static boolean isObject(Config config, String key) {
        return config.hasPath(key) && config.getValue(key).valueType() == ConfigValueType.OBJECT;
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
        return read(key, "a text", config::getString, "");
    }

    public Optional<String> optionalText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    public boolean flag(String key) {
        return read(key, "true or false", config::getBoolean, false);
    }

    /** A whole number within bounds, both included. */
    public int integer(String key, int min, int max) {
        return Math.toIntExact(wholeNumber(key, min, max));
    }

    /** A whole number within bounds, both included. */
    public long wholeNumber(String key, long min, long max) {
        // not getLong, which cuts 2.5 to 2
        long value = read(key, "a whole number", name -> new BigDecimal(config.getString(name)).longValueExact(), min);
        if (value < min || value > max) {
            problem(key, Long.toString(value), "a whole number from " + min + " to " + max);
            return min;
        }
        return value;
    }

    /** A number within bounds, both included. */
    public double number(String key, double min, double max) {
        double value = read(key, "a number", config::getDouble, min);
        if (!(value >= min && value <= max)) {
            problem(key, Double.toString(value), "a number from " + min + " to " + max);
            return min;
        }
        return value;
    }

    /** A number exactly as written: 0.07 is 7/100, not the nearest double. */
    public BigDecimal decimal(String key, BigDecimal min, BigDecimal max) {
        BigDecimal value = read(key, "a number", name -> new BigDecimal(config.getString(name)), min);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            problem(key, value.toPlainString(), "a number from " + min.toPlainString() + " to " + max.toPlainString());
            return min;
        }
        return value;
    }

    public List<String> texts(String key) {
        return read(key, "a list", config::getStringList, List.of());
    }

    public List<BigDecimal> decimals(String key) {
        return read(
                key,
                "a list of numbers",
                name -> config.getStringList(name).stream().map(BigDecimal::new).toList(),
                List.of());
    }

    public Map<String, String> textMap(String key) {
        Map<String, String> map = new TreeMap<>();
        read(key, "names with values", config::getObject, ConfigFactory.empty().root())
                .forEach((name, value) -> {
                    // null takes back what an earlier layer said
                    if (value.valueType() != ConfigValueType.NULL) {
                        map.put(name, String.valueOf(value.unwrapped()));
                    }
                });
        return map;
    }

    /** One of the names of an enum, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return choice(key, EnumSet.allOf(type));
    }

    /** The same where not all of the enum's names are allowed. */
    public <E extends Enum<E>> E choice(String key, Set<E> allowed) {
        return choice(key, text(key), allowed);
    }

    /** The same of a key that may have no value. */
    public <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> type) {
        return has(key) ? Optional.of(choice(key, type)) : Optional.empty();
    }

    /** A list of names of an enum, in lower case with dashes. */
    public <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
        return texts(key).stream()
                .map(given -> choice(key, given, EnumSet.allOf(type)))
                .toList();
    }

    private <E extends Enum<E>> E choice(String key, String given, Set<E> allowed) {
        List<String> names = new ArrayList<>();
        for (E constant : allowed) {
            String name = choiceName(constant);
            if (name.equals(given)) {
                return constant;
            }
            names.add(name);
        }
        problem(key, given, "one of " + String.join(", ", names));
        return allowed.iterator().next();
    }

    /** How a choice is written in settings: {@code SPARK_NLP} is {@code spark-nlp}. */
    public static String choiceName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <T> T read(String key, String expected, Function<String, T> reader, T instead) {
        try {
            return reader.apply(key);
        } catch (ConfigException.Missing missing) {
            problem(key, "nothing", expected);
        } catch (ConfigException.WrongType | ConfigException.BadValue | ArithmeticException | NumberFormatException e) {
            problem(key, config.getValue(key).render(ConfigRenderOptions.concise()), expected);
        }
        return instead;
    }

    /** Notes a problem, unless the key has one already; settings records note here what contradicts itself. */
    public void problem(String key, String found, String expected) {
        problems.putIfAbsent(key, key + ": found " + found + ", expected " + expected);
    }

    /** Throws once, with every problem found so far. */
    public void check() {
        if (!problems.isEmpty()) {
            throw new UserException(
                    "Cannot use the settings: found " + problems.size()
                            + (problems.size() == 1 ? " problem" : " problems") + "\n  - "
                            + String.join("\n  - ", problems.values())
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
            lines.add(key + " = " + (isSecret ? "(hidden)" : withoutCredentials(rendered)));
        }
        return lines;
    }

    /** A text in which no URI shows its user and password. */
    public static String withoutCredentials(String text) {
        return CREDENTIALS_IN_URI.matcher(text).replaceAll("//(hidden)@");
    }
}
